package io.waybill.intake;

import static io.waybill.intake.Inputs.json;
import static io.waybill.intake.Inputs.lines;
import static io.waybill.intake.Inputs.raw;
import static io.waybill.intake.Inputs.said;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OrderReaderTest {

    private static final String THREE = " [ {\"order_id\":\"A\"} ,\n{\"order_id\":\"B\"},{\"order_id\":\"C\"}\n]\n";

    @Test
    void aSingleOrderIsDeliveredWithTheWholeInputAsItsBytes() throws IOException {
        String input = "\n {\"order_id\":\"A\", \"weight\": 1.10}\r\n";

        List<Document> documents = json(input);

        assertThat(said(documents)).containsExactly("A");
        assertThat(raw(documents.get(0))).isEqualTo(input);
        assertThat(documents.get(0).order().get("weight").decimalValue()).isEqualByComparingTo("1.10");
        assertThat(documents.get(0).cut()).isFalse();
    }

    @Test
    void anArrayIsDeliveredElementByElementWithTheirExactBytes() throws IOException {
        List<Document> documents = json(THREE);

        assertThat(said(documents)).containsExactly("A", "B", "C");
        assertThat(documents).extracting(Document::number).containsExactly(1, 2, 3);
        assertThat(documents).extracting(Inputs::raw).allMatch(raw -> raw.matches("\\{\"order_id\":\"[ABC]\"}"));
    }

    @Test
    void everyLineOfNdjsonIsAnOrderAndBlankLinesAreNot() throws IOException {
        List<Document> documents = lines("\n{\"order_id\":\"A\"}\r\n \n\t{\"order_id\":\"B\"} \n{\"order_id\":\"C\"}");

        assertThat(said(documents)).containsExactly("A", "B", "C");
        assertThat(documents)
                .extracting(Inputs::raw)
                .containsExactly("{\"order_id\":\"A\"}\r", "\t{\"order_id\":\"B\"} ", "{\"order_id\":\"C\"}");
    }

    @Test
    void aBrokenLineLeavesTheOthersAlone() throws IOException {
        List<Document> documents =
                lines("{\"order_id\":\"A\"}\n{\"order_id\":\nrubbish\n{\"order_id\":\"D\"}\n{} {}\n[1]\n\"");

        assertThat(said(documents))
                .containsExactly(
                        "A",
                        "order 2, line 2, column 13 (byte 29): expected a value, was the end",
                        "order 3, line 3, column 1 (byte 30): expected a value, was something else",
                        "D",
                        "order 5, line 5, column 4 (byte 58): something follows the order; expected one order a line",
                        "order 6, line 6, column 1 (byte 61): expected an order in braces, was '['",
                        "order 7, line 7, column 2 (byte 66): expected the double quote that ends a text, was the end");
        assertThat(documents).extracting(Inputs::raw).contains("rubbish", "{} {}", "[1]", "\"");
    }

    @Test
    void anElementThatIsRefusedLeavesTheOthersAlone() throws IOException {
        String elements = "{\"a\":1,\n \"a\":2}, 7, \"x\", null, [{}], {\"order_id\":\"F\"}";

        assertThat(said(json("[" + elements + "]")))
                .containsExactly(
                        "order 1, line 2, column 2 (byte 10): a field stands twice in one object",
                        "order 2, line 2, column 10 (byte 18): expected an order in braces, was a number",
                        "order 3, line 2, column 13 (byte 21): expected an order in braces, was a text",
                        "order 4, line 2, column 18 (byte 26): expected an order in braces, was null",
                        "order 5, line 2, column 24 (byte 32): expected an order in braces, was '['",
                        "F");
    }

    @Test
    void whereAnArrayIsBrokenTheRestIsOneDocument() throws IOException {
        List<Document> documents = json("[{\"order_id\":\"A\"}, {\"order_id\":\"B\"} {\"order_id\":\"C\"}, {}]");

        assertThat(said(documents))
                .containsExactly(
                        "A",
                        "B",
                        "order 3, line 1, column 37 (byte 36): expected a comma or ']', was '{'; nothing from here on was taken in");
        assertThat(raw(documents.get(2))).isEqualTo(" {\"order_id\":\"C\"}, {}]");
    }

    @Test
    void whatFollowsAnArrayIsOneDocument() throws IOException {
        List<Document> documents = json("[{\"order_id\":\"A\"}]\n{\"order_id\":\"B\"}");

        assertThat(said(documents))
                .containsExactly(
                        "A",
                        "line 2, column 1 (byte 19): something follows the array; nothing from here on was taken in");
        assertThat(raw(documents.get(1))).isEqualTo("\n{\"order_id\":\"B\"}");
    }

    @Test
    void anArrayCutAnywhereDeliversWhatIsCompleteAndOneRest() throws IOException {
        for (int length = 0; length < THREE.stripTrailing().length(); length++) {
            List<Document> documents = json(THREE.substring(0, length));

            int complete = THREE.substring(0, length).split("}", -1).length - 1;
            assertThat(documents).hasSize(complete + 1);
            assertThat(documents.subList(0, complete)).allMatch(document -> document.order() != null);
            assertThat(documents.get(complete).order()).isNull();
        }
    }

    @Test
    void anOrderIsDeliveredBeforeTheNextOneIsRead() throws IOException {
        List<Document> documents = new ArrayList<>();
        InputStream failing = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("disk gone");
            }
        };
        InputStream in = new SequenceInputStream(Inputs.text("[{\"order_id\":\"A\"}, {\"ord"), failing);

        assertThatThrownBy(() -> new OrderReader().read(in, Form.JSON, documents::add))
                .isInstanceOf(IOException.class)
                .hasMessage("disk gone");
        assertThat(said(documents)).containsExactly("A");
    }

    @Test
    void noMessageRepeatsWhatTheInputSaid() throws IOException {
        String mark = "PIIMARK";
        List<String> inputs = List.of(
                "{\"PIIMARK\":1,\"PIIMARK\":2}",
                "{\"a\":PIIMARK}",
                "{\"a\":\"PIIMARK\n\"}",
                "{\"a\":\"\\PIIMARK\"}",
                "PIIMARK",
                "[{\"a\":\"PIIMARK\"} PIIMARK]",
                "{\"PIIMARK\":\"\\ud800PIIMARK\"}",
                "{\"" + mark.repeat(50) + "\":1}");
        for (String input : inputs) {
            List<Document> documents = new ArrayList<>();
            new OrderReader().read(new ByteArrayInputStream(input.getBytes(UTF_8)), Form.JSON, documents::add);

            String all = String.join(" ", said(documents));
            assertThat(all).isNotEmpty().doesNotContain(mark);
        }
    }

    @Test
    void theFormFollowsFromTheFileName() {
        assertThat(Form.of("x.NDJSON")).isEqualTo(Form.NDJSON);
        assertThat(Form.of("x.ndjson.json")).isEqualTo(Form.JSON);
        assertThat(Form.of("x.JSON")).isEqualTo(Form.JSON);
    }
}
