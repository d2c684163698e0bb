package io.waybill.outage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.sandbox.Sandbox;
import io.waybill.sandbox.SandboxOptions;
import io.waybill.testing.Orders;
import io.waybill.testing.RunningWaybill;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An H2 file that is no database any more stops the start, and is left as it is for whoever can mend it. */
class DatabaseFileTest {

    @TempDir
    Path temp;

    @Test
    void damagedFileStopsTheStartAndIsNotReplaced() throws IOException {
        try (Sandbox sandbox = Sandbox.start(SandboxOptions.onAnyPort())) {
            RunningWaybill.Start start = RunningWaybill.on(temp.resolve("work")).carriers(sandbox);
            try (RunningWaybill waybill = start.start()) {
                waybill.drop("H-1.json", Orders.malaysian("H-1"));
                waybill.await("H-1", "completed");
            }
            Path file = temp.resolve("work/data/ledger.mv.db");
            byte[] damaged = Files.readAllBytes(file);
            Arrays.fill(damaged, 0, damaged.length, (byte) 'x');
            Files.write(file, damaged);

            assertThatThrownBy(start::start)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith("setting 'waybill.db.url': the database 'jdbc:h2:file:retry:")
                    .hasMessageContaining("' cannot be opened: ");
            assertThat(file).hasBinaryContent(damaged);

            Files.write(file, new byte[0]);
            assertThatThrownBy(start::start)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageEndingWith("' cannot be opened: the file is empty, so it was a database once");
        }
    }
}
