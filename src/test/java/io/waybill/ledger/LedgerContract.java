package io.waybill.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.order.Order;
import io.waybill.order.OrderKey;
import io.waybill.order.Room;
import io.waybill.testing.Patience;
import io.waybill.testing.SetClock;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What every database must make of the ledger; each contract is run on each of them by a class of a few lines. */
abstract class LedgerContract {

    private static final ObjectMapper JSON = new ObjectMapper();
    static final Duration LEASE = Duration.ofHours(1);
    private static final String KEY = " where account = ? and order_id = ? and reissue = ?";

    final SetClock clock = new SetClock();
    Wire wire;
    Ledger ledger;
    private final TestDatabase database;
    private final List<Ledger> nodes = new ArrayList<>();

    LedgerContract(TestDatabase database) {
        this.database = database;
    }

    @BeforeEach
    void open() {
        database.wipe();
        wire = new Wire(database.pool());
        ledger = node("one");
    }

    @AfterEach
    void close() {
        wire.refuse(0);
        nodes.forEach(Ledger::close);
    }

    /** A node; opening one of the same name again makes the former life a dead one. */
    final Ledger node(String name) {
        return node(name, 1000);
    }

    final Ledger node(String name, int mostClaims) {
        return node(new Ledger(wire.dataSource(), name, mostClaims, LedgerContract::parse, clock));
    }

    final Ledger node(String name, Room room) {
        return node(new Ledger(wire.dataSource(), name, 1000, room, LedgerContract::parse, clock));
    }

    final Ledger node(String name, SetClock own) {
        return node(new Ledger(wire.dataSource(), name, 1000, LedgerContract::parse, own));
    }

    /** It gives no sign of life by itself, which would be one commit more, and would save a lease that a test lets lapse. */
    private Ledger node(Ledger node) {
        nodes.add(node.leaseFor(LEASE));
        return node;
    }

    static Order order(String id) {
        return order(id, "tea");
    }

    static Order order(String id, String content) {
        return order(new OrderKey("acme", id, 0), content);
    }

    static Order order(OrderKey key, String content) {
        return parse(key, "{\"content\":\"" + content + "\"}", "a.json");
    }

    static Order parse(OrderKey key, String raw, String source) {
        if (raw.contains("unreadable")) {
            throw new IllegalStateException("order " + key + ": what the ledger keeps of it cannot be read");
        }
        return new Order(key, json(raw), raw, source);
    }

    static ObjectNode json(String text) {
        try {
            return (ObjectNode) JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    final Claim claimed(Order order) {
        return claimed(ledger, order);
    }

    static Claim claimed(Ledger node, Order order) {
        Acceptance acceptance = accept(node, order);
        assertThat(acceptance).isInstanceOf(Acceptance.Accepted.class);
        return ((Acceptance.Accepted) acceptance).claim();
    }

    static Acceptance accept(Ledger node, Order order) {
        return node.accept(order)
                .orTimeout(Patience.MILLIS, TimeUnit.MILLISECONDS)
                .join();
    }

    /** Asks the carrier, under a reference made of the order's id. */
    static Claim sent(Claim claim) {
        claim.choose("birdsystem", "standard", "a-rule");
        assertThat(claim.begin("book")).isTrue();
        claim.sent("book", "REF-" + claim.key().orderId(), new StepFacts("v1", "request", null, null, null));
        return claim;
    }

    static Claim booked(Claim claim) {
        sent(claim);
        ObjectNode result = json("{\"tracking_number\":\"T1\"}");
        claim.brought("book", new StepFacts(null, null, "response", result.toString(), null), result, true);
        return claim;
    }

    static Claim completed(Claim claim) {
        booked(claim);
        claim.sinks().finish("label");
        claim.answered("{\"tracking_number\":\"T1\"}");
        claim.endings().settle("completed");
        return claim;
    }

    static void dead(Claim claim) {
        claim.endings().dead("book", "rejected", List.of(deadLetter(claim.key().orderId())));
    }

    static List<String> ids(List<Claim> claims) {
        return claims.stream().map(claim -> claim.key().orderId()).toList();
    }

    static Sql deadLetter(String id) {
        return Sql.of(
                "insert into dead_letter (account, order_id, reissue, id, stage, cause, message, faults, next, source,"
                        + " file, at) values ('acme', ?, 0, ?, 'book', 'rejected', 'no', '[]', 'mend', 'a.json', 'f',"
                        + " current_timestamp) on conflict do nothing",
                id,
                id);
    }

    static Sql label(OrderKey key, String format) {
        return Sql.of(
                "insert into label (account, order_id, reissue, number, path, format, bytes, sha256, source, stored_at)"
                        + " values (?, ?, ?, 0, '/l', ?, 1, 'sha', 'carrier', current_timestamp)",
                key.account(),
                key.orderId(),
                key.reissue(),
                format);
    }

    final Stored stored(OrderKey key) {
        return ledger.queries().find(key).orElseThrow();
    }

    final Stored stored(String id) {
        return stored(new OrderKey("acme", id, 0));
    }

    final String step(String id, String step) {
        return ledger.queries().steps(new OrderKey("acme", id, 0)).stream()
                .filter(each -> each.name().equals(step))
                .map(Step::state)
                .findFirst()
                .orElse("none");
    }

    final List<String> history(String id) {
        return texts("select what from history" + KEY + " order by seq", "acme", id, 0);
    }

    /** How many rows a database says that it read to find ten, with a question mark for that ten. */
    final int rowsRead(String sql) {
        String plan = String.join("\n", texts("explain analyze " + sql.replaceFirst("\\?", "10")));
        return Pattern.compile("scanCount: (\\d+)|actual time.* rows=(\\d+)")
                .matcher(plan)
                .results()
                .mapToInt(found -> Integer.parseInt(found.group(found.group(1) == null ? 2 : 1)))
                .max()
                .orElseThrow(() -> new AssertionError(plan));
    }

    final long rows(String table, String id) {
        return Long.parseLong(
                texts("select count(*) from " + table + KEY, "acme", id, 0).get(0));
    }

    final List<String> texts(String sql, Object... values) {
        try (Connection connection = database.pool().getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            List<String> texts = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    texts.add(rows.getString(1));
                }
            }
            return texts;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    final void change(String sql, Object... values) {
        try (Connection connection = database.pool().getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            statement.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
