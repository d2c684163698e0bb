package io.waybill.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.schibsted.spt.data.jslt.Expression;
import com.schibsted.spt.data.jslt.Parser;
import io.waybill.order.Fault;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FunctionsTest {

    private static final String INPUT = "{\"text\":\"x\",\"blank\":\" \",\"table\":{\"sea\":\"S\",\"air\":\"A\"},"
            + "\"word\":\"sea\",\"other\":\"rail\",\"grams\":1250,\"amount\":\"0.10\",\"at\":\"2026-01-02T01:00:00Z\"}";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "required(.text, \"/a\")                                      | \"x\"   |",
                "required(.blank, \"/a/0/b\")                                 | null  | a[0].b is missing",
                "required(.nothing, \"/a\")                                   | null  | a is missing",
                "refuse(\"/a\", \"is too heavy\")                             | null  | a is too heavy",
                "code(.table, .word, \"/w\")                                  | \"S\"   |",
                "code(.table, .other, \"/w\")                                 | null  | w is 'rail'; expected one of sea, air",
                "code(.table, .nothing, \"/w\")                               | null  | w is missing; expected one of sea, air",
                "decimal(.amount, \"/m\")                                     | 0.10  |",
                "decimal(.nothing, \"/m\")                                    | null  |",
                "decimal(.text, \"/m\")                                       | null  | m must be a decimal number",
                "decimal(\"1e5\", \"/m\")                                     | null  | m must be a decimal number",
                "decimal(\"12345678901234567.89\", \"/m\")                    | 12345678901234567.89 |",
                "kg(.grams)                                                   | 1.25  |",
                "kg(100000)                                                   | 100   |",
                "kg(.nothing)                                                 | null  |",
                "m3(2500)                                                     | 0.0025 |",
                "grams(\"0.535\", \"kg\")                                     | 535   |",
                "grams(\"30.00\", \"g\")                                      | 30    |",
                "grams(\"0.0000\", \"g\")                                     | null  |",
                "grams(\"heavy\", \"g\")                                      | null  |",
                "fits(\"123456\", \"^.{7,32}$\")                             | false |",
                "fits(\"1234567\", \"^.{7,32}$\")                            | true  |",
                "fits(\"ab\", \"b\")                                         | true  |",
                "fits(null, \"^.{7,32}$\")                                   | false |",
                "fits(\"\uD83D\uDCE6\", \"^.{0,1}$\")                        | true  |",
                "fits(\"x\", null)                                          | true  |",
                "fits(\"x\", \"/^(a$/i\")                                     | true  |",
                "fits(\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!\", \"^(?:(a+)\\\\1?)+$\") | true |",
                "fee(\"3.20\", \"/f\")                                        | \"3.20\" |",
                "fee(\"0.00\", \"/f\")                                        | null  |",
                "fee(null, \"/f\")                                            | null  |",
                "fee(\"-1\", \"/f\")                                          | null  | f is no amount that can be booked and was left out",
                "fee(\"NaN\", \"/f\")                                         | null  | f is no amount that can be booked and was left out",
                "to-zone(.at, \"Asia/Shanghai\")                              | \"2026-01-02 09:00:00\" |",
                "from-zone(\"2026-01-02 09:00:00\", \"Asia/Shanghai\", \"/t\") | \"2026-01-02T09:00:00+08:00\" |",
                "from-zone(\"2026/01/02 09:00:00\", \"Asia/Shanghai\", \"/t\") | \"2026-01-02T09:00:00+08:00\" |",
                "from-zone(\"2026-01-02T01:00:05Z\", \"Asia/Shanghai\", \"/t\") | \"2026-01-02T01:00:05Z\" |",
                "from-zone(\"soon\", \"Asia/Shanghai\", \"/t\")               | null  | t is no date and time and was left out",
            })
    void aFunctionGivesAValueOrCollectsAFault(String jslt, String value, String fault) throws IOException {
        Functions functions = new Functions();
        Expression mapping = Parser.compileString(jslt, functions.all());
        JsonNode input = Cases.JSON.readTree(INPUT);
        List<Fault> met = new ArrayList<>();

        JsonNode result = functions.collecting(met, () -> mapping.apply(input));

        assertThat(result.toString()).isEqualTo(value);
        assertThat(met).extracting(Fault::message).isEqualTo(fault == null ? List.of() : List.of(fault));
    }
}
