package io.waybill.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TheirPatternsTest {

    private final TheirPatterns patterns = new TheirPatterns();

    @ParameterizedTest
    @CsvSource({
        "12345,^\\d{5}$,true",
        "1234,^\\d{5}$,false",
        "LS1 1AA,[A-Z]\\d,true",
        "x,'',true",
        "x,' ',true",
        "x,(,true",
        "x,a{2,true",
    })
    void whatCannotBeReadRefusesNothing(String text, String pattern, boolean fits) {
        assertThat(patterns.fits(text, pattern)).isEqualTo(fits);
        assertThat(patterns.fits(text, pattern)).as("known by now").isEqualTo(fits);
    }

    @Test
    void whatTakesTooLongRefusesNothing() {
        assertThat(patterns.fits("a".repeat(60) + "!", "^(a+)+\\1b$")).isTrue();
        assertThat(patterns.fits("a".repeat(100_000) + "!", "^(a|b)*$")).isTrue();
    }

    @Test
    void whatIsTooLongOrTooDeepToBeReadRefusesNothing() {
        assertThat(patterns.fits("x", "(".repeat(100_000))).isTrue();
        assertThat(patterns.fits("a", "(".repeat(990) + "a" + ")".repeat(990))).isTrue();
    }
}
