package io.waybill.outage;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.waybill.sandbox.Sandbox;
import io.waybill.sandbox.SandboxOptions;
import io.waybill.testing.Orders;
import io.waybill.testing.PostgresProcess;
import io.waybill.testing.RunningWaybill;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The database dies for good while orders are on their way, and its replica takes its place. */
@Tag("crash")
class FailoverTest {

    private static final int ORDERS = 60;

    @TempDir
    Path temp;

    @Test
    void nothingIsLostAndNothingIsBookedTwice() {
        List<String> ids = IntStream.range(0, ORDERS).mapToObj(i -> "F-" + i).toList();
        ArrayNode orders = new ObjectMapper().createArrayNode();
        ids.forEach(id -> orders.add(Orders.chinese(id)));
        try (PostgresProcess primary = PostgresProcess.start(temp.resolve("primary"));
                PostgresProcess replica = primary.replica(temp.resolve("replica"));
                Sandbox sandbox = Sandbox.start(SandboxOptions.onAnyPort());
                RunningWaybill waybill = RunningWaybill.on(temp.resolve("work"))
                        .carriers(sandbox)
                        .with("waybill.carrier.kdniao.rate", "10")
                        .with("waybill.in-doubt.settle-seconds", "1")
                        .with("waybill.db.url", url(primary, replica))
                        .with("waybill.db.user", "postgres")
                        .start()) {
            waybill.drop("all.json", orders);
            Awaitility.await()
                    .atMost(RunningWaybill.PATIENCE)
                    .until(() -> sandbox.booked().size() > ORDERS / 4);

            primary.kill();
            int before = sandbox.booked().size();
            replica.run("select pg_promote()");

            assertThat(before).isLessThan(ORDERS);
            Shipped.once(waybill, sandbox, ids);
        }
    }

    private static String url(PostgresProcess primary, PostgresProcess replica) {
        return "jdbc:postgresql://127.0.0.1:" + primary.port() + ",127.0.0.1:" + replica.port()
                + "/postgres?targetServerType=primary&connectTimeout=2";
    }
}
