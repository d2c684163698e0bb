package io.waybill.intake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.waybill.order.Json;
import io.waybill.testing.Patience;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MutatedInputTest {

    private static final int CASES = 5_000;
    private static final int ORDERS = 12;
    private static final String SEPARATORS = " \t\r\n,[]";

    @ParameterizedTest
    @EnumSource(Form.class)
    void noMutationLosesAByteOrMakesAnOrder(Form form) {
        byte[] valid = batch(form);
        Random random = new Random(42);

        Assertions.assertTimeoutPreemptively(Patience.LIMIT, () -> {
            for (int i = 0; i < CASES; i++) {
                byte[] input = mutate(valid, random);
                check(input, Inputs.read(input, form));
            }
        });
    }

    @ParameterizedTest
    @EnumSource(Form.class)
    void whateverIsDeliveredIsWhatTheStrictMapperReads(Form form) throws IOException {
        byte[] valid = batch(form);
        Random random = new Random(7);
        for (int i = 0; i < CASES; i++) {
            for (Document document : Inputs.read(mutate(valid, random), form)) {
                if (document.order() != null) {
                    assertThat(Json.orders().readTree(document.raw())).isEqualTo(document.order());
                }
            }
        }
    }

    private static void check(byte[] input, List<Document> documents) {
        int at = 0;
        for (Document document : documents) {
            at = behind(input, at, document.raw());
            assertThat(document.faults().isEmpty()).isEqualTo(document.order() != null);
        }
        skip(input, at, input.length);
        assertThat(documents.stream().filter(document -> document.order() != null))
                .hasSizeLessThanOrEqualTo(ORDERS + 1);
    }

    private static int behind(byte[] input, int from, byte[] raw) {
        for (int at = from; at + raw.length <= input.length; at++) {
            if (Arrays.equals(input, at, at + raw.length, raw, 0, raw.length)) {
                return at + raw.length;
            }
            skip(input, at, at + 1);
        }
        return fail("bytes of a document that are not in the input");
    }

    private static void skip(byte[] input, int from, int to) {
        for (int i = from; i < to; i++) {
            if (SEPARATORS.indexOf(input[i]) < 0) {
                fail("byte %d of the input is in no document: %s", i, new String(input, UTF_8));
            }
        }
    }

    private static byte[] mutate(byte[] valid, Random random) {
        byte[] input = valid.clone();
        String structure = "{}[]\",:\\\n \u0000\u007f0e-tnu/'";
        for (int n = random.nextInt(3); n >= 0; n--) {
            int at = random.nextInt(input.length);
            input[at] = random.nextBoolean()
                    ? (byte) structure.charAt(random.nextInt(structure.length()))
                    : (byte) random.nextInt(256);
        }
        return random.nextInt(5) == 0 ? Arrays.copyOf(input, random.nextInt(input.length)) : input;
    }

    private static byte[] batch(Form form) {
        StringBuilder batch = new StringBuilder(form == Form.JSON ? "[" : "");
        for (int i = 0; i < ORDERS; i++) {
            String glue = form == Form.JSON ? ",\n" : "\n";
            batch.append(i == 0 ? "" : glue)
                    .append("{\"order_id\":\"A-" + i
                            + "\",\"recipient\":{\"name\":\"J\u00fcrgen \\ud83d\\ude00 \u8ba2\"},")
                    .append("\"items\":[{\"sku\":\"a\\\"b\",\"quantity\":1,\"w\":-1.5e3,\"x\":[true,false,null]},{}]}");
        }
        return batch.append(form == Form.JSON ? "]" : "").toString().getBytes(UTF_8);
    }
}
