package io.waybill.intake;

import static io.waybill.intake.Inputs.json;
import static io.waybill.intake.Inputs.lines;
import static io.waybill.intake.Inputs.raw;
import static io.waybill.intake.Inputs.read;
import static io.waybill.intake.Inputs.said;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The bad inputs B1 to B10 and B17, one by one. */
class BadInputTest {

    private static final String SECOND = "something follows the first order; expected one order, an array of orders,"
            + " or one order a line in a file named *.ndjson";
    private static final String NO_UTF8 = "expected UTF-8, was another character set or a damaged character";

    @ParameterizedTest
    @ValueSource(strings = {"{} {}", "{}{}", "{},{}", "{}\n[]", "{}x", "{}\u0000", "{} {"})
    void b1OfTwoDocumentsInOneFileNoneIsDelivered(String input) throws IOException {
        List<Document> documents = json(input);

        assertThat(said(documents)).hasSize(1).first().asString().endsWith(SECOND);
        assertThat(raw(documents.get(0))).isEqualTo(input);
    }

    @Test
    void b2AFieldThatStandsTwiceIsRefusedAtAnyDepth() throws IOException {
        assertThat(said(json("{\"order_id\":\"A\",\"order_id\":\"B\"}")))
                .containsExactly("line 1, column 17 (byte 16): a field stands twice in one object");
        assertThat(said(lines(" \n\ufeff{}\n  {\"a\":1,\"a\":1}")))
                .endsWith("order 2, line 3, column 10 (byte 17): a field stands twice in one object");
        assertThat(said(json("{\"a\":[{\"b\":1,\"\\u0062\":2}]}")))
                .containsExactly("line 1, column 14 (byte 13): a field stands twice in one object");
    }

    @ParameterizedTest
    @CsvSource({"64,true", "65,false", "900,false", "10000,false", "100000,false", "500000,false"})
    void b3MoreThan64LevelsAreRefusedAndTheNextOrderIsTaken(int levels, boolean taken) throws IOException {
        String deep = "{\"order_id\":\"A\",\"a\":" + "[".repeat(levels - 1) + "]".repeat(levels - 1) + "}";
        String fault = "order 1, line 1, column 85 (byte 84): nested deeper than 64 levels, the most for one order";

        List<Document> documents = json("[" + deep + ",{\"order_id\":\"B\"}]");

        String many = " | order 1, line 1, column 20020 (byte 20019): more than 20000 values, the most for one order";
        assertThat(said(documents)).containsExactly(taken ? "A" : levels > 20_000 ? fault + many : fault, "B");
    }

    @Test
    void b3MoreThanAMillionLevelsBreakTheInput() throws IOException {
        assertThat(said(json("[".repeat(1_100_000))))
                .containsExactly("order 1, line 1, column 1048578 (byte 1048577): nested deeper than 1048576 levels;"
                        + " nothing from here on was taken in; only its first MiB is kept");
    }

    @ParameterizedTest
    @CsvSource({"40,true", "41,false", "2000,false", "300000,false"})
    void b4ALongNumberIsRefused(int digits, boolean taken) throws IOException {
        List<Document> documents = json("[{\"order_id\":\"A\",\"a\":" + "9".repeat(digits) + "},{\"order_id\":\"B\"}]");

        String fault = "order 1, line 1, column 22 (byte 21): a number longer than 40 characters";
        assertThat(said(documents)).containsExactly(taken ? "A" : fault, "B");
    }

    @ParameterizedTest
    @CsvSource({"x,65536,true", "x,65537,false", "ü,65536,true", "ü,65537,false", "😀,32768,true", "😀,32769,false"})
    void b4ALongTextIsRefused(String character, int times, boolean taken) throws IOException {
        String text = character.repeat(times);

        List<Document> documents = json("[{\"order_id\":\"A\",\"a\":\"" + text + "\"},{\"order_id\":\"B\"}]");

        String fault = "order 1, line 1, column 22 (byte 21): a text longer than 65536 characters";
        assertThat(said(documents)).containsExactly(taken ? "A" : fault, "B");
    }

    @Test
    void b4ALongFieldNameIsRefused() throws IOException {
        assertThat(said(json("[{\"" + "n".repeat(257) + "\":1},{\"" + "n".repeat(256) + "\":1,\"order_id\":\"B\"}]")))
                .containsExactly("order 1, line 1, column 3 (byte 2): a field name longer than 256 bytes", "B");
    }

    @ParameterizedTest
    @CsvSource({"订,85,true", "订,86,false", "\\u8ba2,42,true", "\\u8ba2,43,false", "n,256,true"})
    void b4AFieldNameInAnyScriptMayHave256Bytes(String character, int times, boolean taken) throws IOException {
        List<Document> documents = json("{\"" + character.repeat(times) + "\":1,\"order_id\":\"A\"}");

        String fault = "line 1, column 2 (byte 1): a field name longer than 256 bytes";
        assertThat(said(documents)).containsExactly(taken ? "A" : fault);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e999999999", "1e400000", "1E+41", "1e-41", "-0.0e99999999999999999999", "0e41"})
    void b5AHugeExponentIsRefused(String number) throws IOException {
        assertThat(said(json("{\"a\":" + number + "}")))
                .containsExactly("line 1, column 6 (byte 5): a number with an exponent beyond 40");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2.0", "-0", "1e2", "1E-40", "0.10"})
    void b6NumbersAreDeliveredAsTheyAreForTheSchemaToJudge(String number) throws IOException {
        Document document = json("{\"a\":" + number + "}").get(0);

        assertThat(document.order().get("a").decimalValue()).isEqualByComparingTo(number);
        assertThat(raw(document)).contains(number);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            value = {
                "{\"a\":NaN}; expected a value, was a word such as NaN or Infinity",
                "{\"a\":Infinity}; expected a value, was a word such as NaN or Infinity",
                "{\"a\":-Infinity}; expected a digit, was a word such as NaN or Infinity",
                "{\"a\":1 /* x */}; expected a comma or '}', was a comment",
                "{\"a\":#x; expected a value, was a comment",
                "{'a':1}; expected a field name in double quotes, was a single quote",
                "{\"a\":'x'}; expected a value, was a single quote",
                "{a:1}; expected a field name in double quotes, was something else",
                "{\"a\":1,}; expected a field name in double quotes, was '}'",
                "{\"a\":[1,]}; expected a value, was ']'",
                "{\"a\":[1}; expected a comma or ']', was '}'",
                "{\"a\" 1}; expected a colon, was a number",
                "{\"a\":01}; expected a comma or '}', was a number",
                "{\"a\":+1}; expected a value, was something else",
                "{\"a\":.5}; expected a value, was something else",
                "{\"a\":1.}; expected a digit, was '}'",
                "{\"a\":1e}; expected a digit, was '}'",
                "{\"a\":tru}; expected a value, was '}'",
                "{\"a\":True}; expected a value, was something else",
                "{\"a\":\"\\x\"}; a backslash before a character that needs none",
                "{\"a\":\"\\u12g4\"}; expected four hex digits behind \\u, was something else",
                "{\"a\":\"\t\"}; expected the double quote that ends a text, was a control character"
            },
            delimiter = ';')
    void b7WhatIsNotJsonIsRefused(String input, String problem) throws IOException {
        assertThat(said(json(input))).hasSize(1).first().asString().endsWith(": " + problem);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            value = {
                "~~|empty; expected an order",
                "~  \n ~|empty; expected an order",
                "null|expected one order in braces or an array of orders, was null",
                "\"x\"|expected one order in braces or an array of orders, was a text",
                "12|expected one order in braces or an array of orders, was a number",
                "[]|an array without orders; expected at least one",
                "<a/>|expected one order in braces or an array of orders, was something else"
            },
            delimiter = '|')
    void b8AnInputWithoutOrdersIsOneFaultyDocument(String input, String problem) throws IOException {
        List<Document> documents = json(input);

        assertThat(said(documents)).hasSize(1).first().asString().endsWith("): " + problem);
        assertThat(raw(documents.get(0))).isEqualTo(input);
    }

    @Test
    void b8AFileOfLinesWithoutALineIsOneFaultyDocument() throws IOException {
        assertThat(said(lines(""))).containsExactly("line 1, column 1 (byte 0): empty; expected an order");
        assertThat(said(lines("\n \n"))).containsExactly("line 3, column 1 (byte 3): empty; expected an order");
    }

    @ParameterizedTest
    @ValueSource(strings = {"JSON", "NDJSON"})
    void b9AByteOrderMarkIsKeptInTheBytesAndNotRead(String form) throws IOException {
        byte[] input = "\ufeff{\"order_id\":\"A\"}".getBytes(UTF_8);

        List<Document> documents = read(input, Form.valueOf(form));

        assertThat(said(documents)).containsExactly("A");
        assertThat(documents.get(0).raw()).isEqualTo(input);
        assertThat(said(json("\ufeff[{\"order_id\":\"A\"}]"))).containsExactly("A");
    }

    @Test
    void b9UnicodeInWiderUnitsIsRefused() throws IOException {
        for (String start : List.of("{\"a\":1}", "\ufeff{\"a\":1}", " [", "[]")) {
            for (Charset charset :
                    List.of(UTF_16LE, UTF_16BE, Charset.forName("UTF-32LE"), Charset.forName("UTF-32BE"))) {
                byte[] input = start.getBytes(charset);

                List<Document> documents = read(input, Form.JSON);

                assertThat(said(documents))
                        .containsExactly("line 1, column 1 (byte 0): expected UTF-8, was UTF-16 or UTF-32");
                assertThat(documents.get(0).raw()).isEqualTo(input);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "fc",
                "c0a2",
                "c080",
                "e08080",
                "eda080",
                "edb080",
                "f0808080",
                "f4908080",
                "f5808080",
                "80",
                "ff",
                "e282",
                "f09f98",
                "c3"
            })
    void b9WhatIsNotUtf8IsRefused(String hex) throws IOException {
        ByteArrayOutputStream input = new ByteArrayOutputStream();
        input.write("{\"a\":\"ü".getBytes(UTF_8));
        input.write(HexFormat.of().parseHex(hex));
        input.write("\"}\n{\"order_id\":\"B\"}".getBytes(UTF_8));

        assertThat(said(read(input.toByteArray(), Form.NDJSON)))
                .hasSize(2)
                .endsWith("B")
                .first()
                .asString()
                .startsWith("order 1, line 1, column ")
                .endsWith("): " + NO_UTF8);
    }

    @Test
    void b9InAnArrayNothingBehindAnotherCharacterSetIsBelieved() throws IOException {
        byte[] input = "[{\"order_id\":\"A\"},{\"a\":\"M\u00fcller\"},{}]".getBytes(ISO_8859_1);

        List<Document> documents = read(input, Form.JSON);

        assertThat(said(documents))
                .containsExactly(
                        "A",
                        "order 2, line 1, column 26 (byte 25): " + NO_UTF8 + "; nothing from here on was taken in");
        assertThat(documents.get(1).raw()).isEqualTo(Arrays.copyOfRange(input, 18, input.length));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\ud800", "\\udc00", "\\ud800x", "\\ud83d\\n", "\\ud83d\\ud83d\\ude00", "\\ude00\\ud83d"})
    void b9ALoneSurrogateIsRefused(String text) throws IOException {
        assertThat(said(json("[{\"a\":\"" + text + "\"},{\"" + text + "\":1},{\"order_id\":\"\\ud83d\\ude00\"}]")))
                .hasSize(3)
                .startsWith("order 1, line 1, column 7 (byte 6): a text with half a character (a lone surrogate)")
                .endsWith("😀")
                .element(1)
                .asString()
                .endsWith("a field name with half a character (a lone surrogate)");
    }

    @Test
    void b10ANulIsRefused() throws IOException {
        assertThat(said(json("[{\"a\":\"x\\u0000\\u0000\"},{\"order_id\":\"B\"}]")))
                .containsExactly("order 1, line 1, column 7 (byte 6): a text with a NUL character", "B");
        assertThat(said(json("{\"a\":\"\u0000\"}")))
                .containsExactly(
                        "line 1, column 7 (byte 6): expected the double quote that ends a text, was a NUL byte");
        assertThat(said(read(new byte[100], Form.JSON)))
                .containsExactly(
                        "line 1, column 1 (byte 0): expected one order in braces or an array of orders, was a NUL byte");
    }

    @Test
    void b17AnOrderCutAtEveryHundredthByteIsNeverDelivered() throws IOException {
        byte[] order = ("{\"order_id\":\"A\",\"items\":[" + "{\"sku\":\"S-\\u00fc\",\"quantity\":1.5},".repeat(300)
                        + "{}]}")
                .getBytes(UTF_8);
        for (int length = 0; length < order.length; length += 100) {
            byte[] half = Arrays.copyOf(order, length);

            List<Document> documents = read(half, Form.JSON);

            assertThat(documents).hasSize(1);
            assertThat(documents.get(0).order()).isNull();
            assertThat(documents.get(0).raw()).isEqualTo(half);
        }
        assertThat(said(read(order, Form.JSON))).containsExactly("A");
    }
}
