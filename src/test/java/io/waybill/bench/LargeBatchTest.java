package io.waybill.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.sandbox.Sandbox;
import io.waybill.sandbox.SandboxOptions;
import java.nio.file.Path;
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
}
