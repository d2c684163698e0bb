package io.waybill.management;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShapeTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"name\":\"Ann\",\"weight\":12,\"gift\":true,\"lines\":[\"1 High St\",null]} |"
                        + " {\"name\":\"***\",\"weight\":\"***\",\"gift\":\"***\",\"lines\":[\"***\",\"***\"]}",
                "{\"name\":\"Ann\",\"str | 18 characters",
                "name=Ann&street=1 | 17 characters",
                "`` | 0 characters"
            })
    void aBodyShowsItsFormAndNoValue(String body, String shape) {
        assertThat(Shape.of(body)).isEqualTo(shape);
    }
}
