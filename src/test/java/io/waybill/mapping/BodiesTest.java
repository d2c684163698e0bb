package io.waybill.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** A carrier's answer is bounded in what it takes to hold it, too. */
class BodiesTest {

    @Test
    void anAnswerOfVeryManyValuesIsNotRead() {
        assertThat(Bodies.read(values(40_000)).path("list")).hasSize(40_000);

        // 3 bytes each: a million of them would be well below the most bytes of an answer
        assertThat(Bodies.read(values(60_000)).isMissingNode()).isTrue();
    }

    @Test
    void anAnswerMayCarryALabelOfSomeMegabytes() {
        String label = "A".repeat(10 << 20);

        assertThat(Bodies.read(("{\"label\":\"" + label + "\"}").getBytes(StandardCharsets.UTF_8))
                        .path("label")
                        .textValue())
                .hasSameSizeAs(label);
    }

    private static byte[] values(int count) {
        return ("{\"list\":[" + "{},".repeat(count - 1) + "{}]}").getBytes(StandardCharsets.UTF_8);
    }
}
