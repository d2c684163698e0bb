package io.waybill.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.ledger.Acceptance;
import io.waybill.ledger.Claim;
import io.waybill.order.Order;
import io.waybill.order.OrderKey;
import io.waybill.sink.Leftovers.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LeftoversTest extends SinkTest {

    @Test
    void anOrderWhoseAnswerCannotBeDeletedHoldsUpNoOtherAndIsForgottenWhenItCan() throws Exception {
        ended("A-1", 5);
        ended("A-2", 3);
        Path outbox = folder.resolve("outbox");
        Path inTheWay = Files.createDirectories(outbox.resolve("acme/A-1.json/in-the-way"));
        Leftovers leftovers = new Leftovers(ledger, new Folders(outbox, folder, folder, Set.of("outbox")));
        assertThatThrownBy(() -> leftovers.takeAway(Instant.now())).isInstanceOf(IOException.class);
        assertThat(texts("select order_id from orders where payload <> ''")).containsExactly("A-1");
        Files.delete(inTheWay);

        assertThat(leftovers.takeAway(Instant.now())).isEqualTo(1);

        assertThat(texts("select order_id from orders where payload <> ''")).isEmpty();
    }

    @Test
    void aDeadLetterThatCannotBeDeletedHoldsUpNoOther() throws Exception {
        Path stuck = Files.createDirectories(buried("D-1", 2).resolve("in-the-way"));
        buried("D-2", 1);
        Leftovers leftovers = new Leftovers(ledger, new Folders(folder, folder, folder, Set.of("dead-letters")));
        assertThatThrownBy(() -> leftovers.takeAway(clock.instant())).isInstanceOf(IOException.class);
        assertThat(texts("select order_id from dead_letter where file <> ''")).containsExactly("D-1");
        Files.delete(stuck);

        leftovers.takeAway(clock.instant());

        assertThat(texts("select order_id from dead_letter where file <> ''")).isEmpty();
    }

    /** Its reason is a folder, which is deleted once it is empty. */
    private Path buried(String id, int hours) throws IOException {
        Clock then = Clock.offset(clock, Duration.ofHours(-hours));
        ledger.append(new DeadLetterStore(folder, then)
                .write(new DeadLetter(
                        "acme", id, 0, new byte[0], "accept", "invalid", "no", List.of(), null, "mend", "a.json")));
        try (Stream<Path> files = Files.list(folder.resolve("acme"))) {
            Path reason = files.filter(file -> file.getFileName().toString().matches(id + "-.*\\.reason\\.json"))
                    .findFirst()
                    .orElseThrow();
            Files.delete(reason);
            return reason;
        }
    }

    private void ended(String id, int hours) throws SQLException {
        Order order = new Order(new OrderKey("acme", id, 0), json("{}"), "{}", "a.json");
        Claim claim = ((Acceptance.Accepted) ledger.accept(order).join()).claim();
        claim.dead("choose", "no-rule", List.of());
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("update orders set updated_at = updated_at - interval '" + hours
                    + "' hour where order_id = '" + id + "'");
        }
    }
}
