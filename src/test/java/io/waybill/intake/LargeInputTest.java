package io.waybill.intake;

import static io.waybill.intake.Inputs.repeat;
import static io.waybill.intake.Inputs.said;
import static io.waybill.intake.Inputs.sequence;
import static io.waybill.intake.Inputs.text;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.order.Json;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class LargeInputTest {

    private static final int MIB = 1 << 20;
    private static final int MOST_BUFFERED = MIB + 64 * 1024;
    private static final String TOO_LARGE =
            "larger than 1048576 bytes, the most for one order; only its first MiB is kept";

    @ParameterizedTest
    @EnumSource(Form.class)
    void aHundredThousandOrdersAreReadWithoutBufferingThem(Form form) throws IOException {
        String glue = form == Form.JSON ? ",\n" : "\n";
        Stream<InputStream> orders = IntStream.range(0, 100_000)
                .mapToObj(
                        i -> text((i == 0 ? "" : glue) + "{\"order_id\":\"A-" + i + "\",\"items\":[{\"sku\":\"S\"}]}"));
        InputStream in = form == Form.JSON
                ? sequence(Stream.of(Stream.of(text("[")), orders, Stream.of(text("]")))
                        .flatMap(parts -> parts))
                : sequence(orders);
        AtomicInteger next = new AtomicInteger();

        Reading reading = new Reading(in, ByteSource.LEAST_KEPT, document -> {
            String id = "A-" + next.getAndIncrement();
            if (!id.equals(document.order().get("order_id").textValue()) || document.number() != next.get()) {
                throw new AssertionError(id);
            }
        });
        reading.read(form);

        assertThat(next).hasValue(100_000);
        assertThat(reading.buffered()).isLessThanOrEqualTo(64 * 1024);
    }

    @Test
    void aTextOf50MegabytesIsSkippedAndTheNextOrderTaken() throws IOException {
        InputStream in = sequence(Stream.of(
                text("[{\"order_id\":\"A\"},{\"a\":\""),
                repeat("x".repeat(MIB), 50),
                text("\"},{\"order_id\":\"C\"}]")));

        List<Document> documents = read(in, Form.JSON);

        assertThat(said(documents))
                .containsExactly(
                        "A",
                        "order 2, line 1, column 24 (byte 23): a text longer than 65536 characters"
                                + " | order 2, line 1, column 19 (byte 18): " + TOO_LARGE,
                        "C");
        assertThat(documents.get(1).cut()).isTrue();
    }

    @Test
    void aLineOf50MegabytesIsSkippedAndTheNextLineTaken() throws IOException {
        InputStream in = sequence(Stream.of(
                repeat("x".repeat(MIB), 50), text("\n"), repeat(" ".repeat(MIB), 2), text("{}\n{\"order_id\":\"C\"}")));

        List<Document> documents = read(in, Form.NDJSON);

        assertThat(said(documents))
                .containsExactly(
                        "order 1, line 1, column 1 (byte 0): expected a value, was something else; only its first MiB is kept",
                        "order 2, line 2, column 2097153 (byte 54525953): " + TOO_LARGE,
                        "C");
    }

    @Test
    void aSingleOrderOfTwoHundredMegabytesIsRefused() throws IOException {
        InputStream in = sequence(Stream.of(text("{\"a\":["), repeat("1,".repeat(MIB / 2), 200), text("1]}")));

        List<Document> documents = read(in, Form.JSON);

        assertThat(said(documents)).containsExactly("line 1, column 1 (byte 0): " + TOO_LARGE);
        assertThat(documents.get(0).raw()).hasSize(MIB + 1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'a':'%s'}", // one order
                "{'a':1}%s", // one order and blanks, or something else
                "{'a':[%s", // no JSON behind the bound
                "%s"
            })
    void aRefusedMessageIsKeptAsAWhole(String form) throws IOException {
        for (String filler : List.of(" ", "x")) {
            String message = form.replace('\'', '"').formatted(filler.repeat(3 * MIB)) + "the end";
            List<Document> documents = new ArrayList<>();

            new OrderReader().read(message.getBytes(UTF_8), documents::add);

            assertThat(documents).singleElement().satisfies(document -> {
                assertThat(Inputs.raw(document)).isEqualTo(message);
                assertThat(document.cut()).isFalse();
            });
            assertThat(said(documents)).allMatch(said -> !said.contains("is kept"));
        }
    }

    @Test
    void anOrderThatIsTooLargeInAMessageOfManyIsKeptAsAWholeAndTheNextOneTaken() throws IOException {
        String large = "{\"a\":[" + "1,".repeat(MIB) + "1]}";
        List<Document> documents = new ArrayList<>();

        new OrderReader().read(("[" + large + ",{\"order_id\":\"B\"}]").getBytes(UTF_8), documents::add);

        assertThat(said(documents))
                .containsExactly(
                        "order 1, line 1, column 40004 (byte 40003): more than 20000 values, the most for one order"
                                + " | order 1, line 1, column 2 (byte 1): larger than 1048576 bytes, the most for one order",
                        "B");
        assertThat(Inputs.raw(documents.get(0))).isEqualTo(large);
    }

    @Test
    void anEndlessBlankIsNoOrder() throws IOException {
        List<Document> documents = read(repeat(" ".repeat(MIB), 20), Form.JSON);

        assertThat(said(documents))
                .containsExactly(
                        "line 1, column 20971521 (byte 20971520): empty; expected an order; only its first MiB is kept");
    }

    @Test
    void anOrderOfExactlyTheLimitIsTakenAndOneByteMoreIsNot() throws IOException {
        String order = "{\"order_id\":\"A\"}";

        String just = order + " ".repeat(Json.MAX_DOCUMENT - order.length());

        assertThat(said(read(text(just), Form.JSON))).containsExactly("A");
        assertThat(said(read(text(just + " "), Form.JSON))).containsExactly("line 1, column 1 (byte 0): " + TOO_LARGE);
    }

    @Test
    void anOrderOfMoreValuesThanAnyLegalOneNeedsIsRefusedBeforeItIsInMemory() throws IOException {
        // with the order itself and the list
        String just = "{\"a\":[" + "{},".repeat(JsonScanner.MOST_VALUES - 3) + "{}]}";
        String more = just.replace("[{}", "[{},{}");

        List<Document> documents = read(text("[" + just + "," + more + ",{\"order_id\":\"C\"}]"), Form.JSON);

        assertThat(documents.get(0).faults()).isEmpty();
        assertThat(said(documents).subList(1, 3))
                .containsExactly(
                        "order 2, line 1, column 120004 (byte 120003): more than 20000 values, the most for one order",
                        "C");
    }

    @Test
    void aHundredThousandLevelsAreSkippedWithoutRecursion() throws IOException {
        InputStream in = sequence(Stream.of(
                text("[{\"a\":"),
                repeat("[{\"a\":", 100_000),
                text("1"),
                repeat("}]", 100_000),
                text("},{\"order_id\":\"B\"}]")));

        assertThat(said(read(in, Form.JSON)))
                .containsExactly(
                        "order 1, line 1, column 194 (byte 193): nested deeper than 64 levels, the most for one order"
                                + " | order 1, line 1, column 60002 (byte 60001): more than 20000 values, the most for one order",
                        "B");
    }

    private static List<Document> read(InputStream in, Form form) throws IOException {
        List<Document> documents = new ArrayList<>();
        Reading reading = new Reading(in, ByteSource.LEAST_KEPT, documents::add);
        reading.read(form);
        assertThat(reading.buffered()).isLessThanOrEqualTo(MOST_BUFFERED);
        return documents;
    }
}
