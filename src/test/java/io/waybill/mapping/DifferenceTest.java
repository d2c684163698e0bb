package io.waybill.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.junit.jupiter.api.Test;

class DifferenceTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void theSameIsNoDifference() throws JsonProcessingException {
        assertThat(between("{'a': [1, {'b': null}]}", "{'a': [1, {'b': null}]}"))
                .isEmpty();
    }

    @Test
    void everyDifferenceIsALineInTheOrderOfTheExpected() throws JsonProcessingException {
        assertThat(between(
                        "{'a': 1, 'b': {'c': [1, 2]}, 'd': 'x'}", "{'d': true, 'a': '1', 'b': {'c': [1]}, 'e': null}"))
                .containsExactly(
                        "f.json /a: expected 1, was \"1\"",
                        "f.json /b/c/1: expected 2, was nothing",
                        "f.json /d: expected \"x\", was true",
                        "f.json /e: expected nothing, was null");
    }

    @Test
    void anotherOrderOfTheKeysIsADifferenceToo() throws JsonProcessingException {
        assertThat(between("{'a': 1, 'b': 2}", "{'b': 2, 'a': 1}"))
                .containsExactly("f.json: expected the keys a, b, was in the order b, a");
    }

    @Test
    void aLongTextIsShownWhereItDiffers() throws JsonProcessingException {
        String same = "x".repeat(5000);

        List<String> lines = between("{'a': '" + same + "left'}", "{'a': '" + same + "right'}");

        String shown = "\"..." + "x".repeat(20);
        assertThat(lines)
                .containsExactly(
                        "f.json /a: expected " + shown.substring(1) + "left\", was " + shown.substring(1) + "right\"");
    }

    private static List<String> between(String expected, String actual) throws JsonProcessingException {
        return Difference.between(
                "f.json", JSON.readTree(expected.replace('\'', '"')), JSON.readTree(actual.replace('\'', '"')));
    }
}
