package io.waybill.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LabelContentTest {

    @ParameterizedTest
    @ValueSource(strings = {"XlhB", "Xl hB", "Xlh\r\nB\r\n", "\tXlhB "})
    void whiteSpaceBetweenTheLettersOfBase64IsNothing(String content) {
        assertThat(LabelContent.bytes(label("base64", content))).asString().isEqualTo("^XA");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Xl*hB", "Xlh_", "X", "XlhB=", "XlhB====", "=XlhB", "Xg==XlhB", "data:;base64,XlhB", "Xl\u00a0hB"
            })
    void whatIsNotBase64IsRefused(String content) {
        assertThatThrownBy(() -> LabelContent.bytes(label("base64", content)))
                .isInstanceOf(LabelRefused.class)
                .hasMessage("label: the content is not base64");
    }

    @Test
    void base64ThatIsTooLongIsRefusedBeforeItIsDecoded() {
        assertThatThrownBy(() -> LabelContent.bytes(label("base64", "*".repeat(5_592_409))))
                .isInstanceOf(LabelRefused.class)
                .hasMessage("label: 5592409 letters of base64, expected at most 5592408");
    }

    @Test
    void textIsTakenAsUtf8() {
        assertThat(LabelContent.bytes(label("text", "^XA é"))).asString().isEqualTo("^XA é");
    }

    @Test
    void anotherEncodingIsRefused() {
        assertThatThrownBy(() -> LabelContent.bytes(label("hex", "5e5841")))
                .isInstanceOf(LabelRefused.class)
                .hasMessage("label: encoding 'hex' is none of text, base64, url");
    }

    private static ObjectNode label(String encoding, String content) {
        return JsonNodeFactory.instance.objectNode().put("encoding", encoding).put("content", content);
    }
}
