package io.waybill.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.waybill.order.OrderKey;
import io.waybill.testing.Installation;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** kill -9 at a random moment. */
class CrashTest {

    private static final int ROUNDS = 3;

    @TempDir
    Path folder;

    @Test
    void everyAcknowledgedOrderIsThereAfterAKill() throws Exception {
        String url = "jdbc:h2:file:" + folder.resolve("ledger");
        List<String> acknowledged = new ArrayList<>();

        for (int round = 0; round < ROUNDS; round++) {
            acknowledged.addAll(killed(url, round));
        }

        assertThat(acknowledged).hasSizeGreaterThan(ROUNDS * 300);
        try (HikariDataSource pool = Database.open(url, "sa", "", 2)) {
            Queries queries = new Queries(pool);
            assertThat(acknowledged).allMatch(id -> queries.find(key(id)).isPresent());
            assertThat(acknowledged.subList(0, 300))
                    .allMatch(id -> new Audit(queries).broken(key(id)).isEmpty());
        }
    }

    private static List<String> killed(String url, int round) throws IOException, InterruptedException {
        Process child = Installation.get()
                .java(Acceptor.class, "256m", List.of(url, "R" + round))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader lines = child.inputReader()) {
            List<String> printed = new ArrayList<>();
            while (printed.size() < 300 + 100 * round) {
                String line = lines.readLine();
                assertThat(line).as("the child lives").isNotNull();
                printed.add(line);
            }
            refusesASecondProcess(url);
            // through the handle, which leaves what was printed before to be read
            child.toHandle().destroyForcibly();
            lines.lines().forEach(printed::add);
            return printed.stream().filter(line -> line.matches("R\\d+-\\d+")).toList();
        } finally {
            child.destroyForcibly().waitFor();
        }
    }

    private static void refusesASecondProcess(String url) {
        assertThatThrownBy(() -> Database.open(url, "sa", "", 1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("setting 'waybill.db.url': the database '/")
                .hasMessageEndingWith(
                        "' is in use by another process; is Waybill running in this work folder? Several nodes"
                                + " need PostgreSQL");
    }

    private static OrderKey key(String id) {
        return new OrderKey("acme", id, 0);
    }
}
