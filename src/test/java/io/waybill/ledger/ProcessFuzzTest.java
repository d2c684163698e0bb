package io.waybill.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.waybill.order.OrderKey;
import io.waybill.testing.Installation;
import io.waybill.testing.PostgresServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Two processes of eight threads each fight for the same orders, and declare each other dead while they work. */
class ProcessFuzzTest {

    private static final int ORDERS = 100;
    private static final Pattern SCORE = Pattern.compile("taken (\\d+) fenced (\\d+)");

    @Test
    void atEveryMomentOneClaimAtMostAndNoLateWrite() throws Exception {
        String url = PostgresServer.freshDatabase();
        try (HikariDataSource pool = Database.open(url, PostgresServer.user(), "", 4)) {
            accepted(pool);

            List<String> scores = fight(url);

            assertThat(scores).allSatisfy(score -> {
                Matcher matcher = SCORE.matcher(score);
                assertThat(matcher.matches()).as(score).isTrue();
                assertThat(Integer.parseInt(matcher.group(1))).as("taken").isGreaterThan(50);
                assertThat(Integer.parseInt(matcher.group(2))).as("fenced").isPositive();
            });
            for (int i = 0; i < ORDERS; i++) {
                Chain.assertOneClaimAtATime(new Queries(pool), new OrderKey("acme", "A-" + i, 0));
            }
        }
    }

    private static void accepted(HikariDataSource pool) {
        try (Ledger full = new Ledger(pool, "full", 0, LedgerContract::parse, Clock.systemUTC())) {
            for (int i = 0; i < ORDERS; i++) {
                LedgerContract.accept(full, LedgerContract.order("A-" + i));
            }
        }
    }

    private static List<String> fight(String url) throws IOException, InterruptedException {
        Process one = fuzzer(url, "one", "two");
        Process two = fuzzer(url, "two", "one");
        try {
            awaitEnough(one);
            awaitEnough(two);
            one.getOutputStream().close();
            two.getOutputStream().close();
            return List.of(last(one), last(two));
        } finally {
            one.destroyForcibly().waitFor();
            two.destroyForcibly().waitFor();
        }
    }

    private static void awaitEnough(Process process) throws IOException {
        String line = process.inputReader().readLine();
        while (line != null && !line.equals("enough")) {
            line = process.inputReader().readLine();
        }
        assertThat(line).as("the process lives").isNotNull();
    }

    private static String last(Process process) throws IOException {
        try (BufferedReader lines = process.inputReader()) {
            List<String> printed = new ArrayList<>(List.of("nothing"));
            lines.lines().forEach(printed::add);
            return printed.get(printed.size() - 1);
        }
    }

    private static Process fuzzer(String url, String name, String other) throws IOException {
        return Installation.get()
                .java(Fuzzer.class, "128m", List.of(url, PostgresServer.user(), name, other))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }
}
