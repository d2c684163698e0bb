package io.waybill.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.sandbox.Sandbox;
import io.waybill.sandbox.SandboxOptions;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LargeBatchTest {

    @TempDir
    private Path work;

    @Test
    void aFileOfManyOrdersIsTakenInByASmallHeap() throws Exception {
        try (Sandbox carriers = Sandbox.start(SandboxOptions.onAnyPort())) {
            String url = carriers.uri().toString();

            LargeBatch batch =
                    LargeBatch.accept(work, url, 6_000, "128m", "20", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

            assertThat(batch.known()).isEqualTo(6_000);
        }
    }

    @Test
    void aFileOfTheLargestOrdersIsShippedByASmallHeap() throws Exception {
        SandboxOptions slow = SandboxOptions.onAnyPort().withDelay(Duration.ofMillis(500));
        try (Sandbox carriers = Sandbox.start(slow)) {
            String url = carriers.uri().toString();

            LargeBatch.ship(
                    work,
                    url,
                    100,
                    "128m",
                    "-XX:TieredStopAtLevel=1",
                    "-XX:+UseSerialGC",
                    "-XX:+ExitOnOutOfMemoryError");

            assertThat(carriers.booked()).hasSize(100);
        }
    }
}
