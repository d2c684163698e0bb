package io.waybill.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.sandbox.Fault;
import io.waybill.sandbox.Reply;
import io.waybill.sandbox.Sandbox;
import io.waybill.sandbox.SandboxOptions;
import io.waybill.testing.Orders;
import io.waybill.testing.Patience;
import io.waybill.testing.RunningWaybill;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.management.JMException;
import javax.management.ObjectName;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DecisionsTest {

    @TempDir
    Path temp;

    @Test
    void anOrderWhoseDecisionCouldNotBeCarriedOutCanBeDecidedAgain() throws Exception {
        try (Sandbox sandbox = Sandbox.start(SandboxOptions.onAnyPort());
                RunningWaybill waybill = RunningWaybill.on(temp.resolve("work"))
                        .carriers(sandbox)
                        .with("waybill.take-over.poll-ms", "200")
                        .start()) {
            sandbox.script(Fault.at("mabang").afterCommit(Reply.drop()));
            waybill.drop("D-1.json", Orders.malaysian("D-1"));
            waybill.await("D-1", "in-doubt");
            Path inTheWay = Files.writeString(waybill.deadLetters().resolve("default"), "no folder");

            assertThat(abandon("D-1")).contains("its dead letter cannot be written");
            assertThat(waybill.await("D-1", "in-doubt")).containsEntry("state", "in-doubt");
            Files.delete(inTheWay);
            Awaitility.await().atMost(RunningWaybill.PATIENCE).until(() -> abandon("D-1")
                    .equals("order default:D-1: abandon accepted"));

            assertThat(waybill.awaitDead("D-1", "abandoned").message()).isEqualTo("abandoned while in doubt at mabang");
            // the route that looks for what is due may reach for it at this moment
            Patience.await()
                    .untilAsserted(
                            () -> assertThat(waybill.engine().ledger().free()).isEqualTo(1000));
        }
    }

    private static String abandon(String id) throws JMException {
        Object[] arguments = {"default", id, 0, "abandon", "", "nobody wants it"};
        String text = String.class.getName();
        try {
            return (String) ManagementFactory.getPlatformMBeanServer()
                    .invoke(new ObjectName("io.waybill:type=Operations"), "resolve", arguments, new String[] {
                        text, text, "int", text, text, text
                    });
        } catch (JMException | RuntimeException e) {
            StringBuilder words = new StringBuilder();
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                words.append(cause.getMessage()).append(' ');
            }
            return words.toString();
        }
    }
}
