package io.waybill.sink;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.zaxxer.hikari.HikariDataSource;
import io.waybill.ledger.Acceptance;
import io.waybill.ledger.Claim;
import io.waybill.ledger.Database;
import io.waybill.ledger.Ledger;
import io.waybill.ledger.StepFacts;
import io.waybill.order.Order;
import io.waybill.order.OrderKey;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A real ledger with one booked order, for the tests of the sinks. */
abstract class SinkTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    final Clock clock = Clock.fixed(Instant.parse("2026-03-01T10:00:00Z"), ZoneOffset.UTC);

    @TempDir
    Path folder;

    HikariDataSource database;
    Ledger ledger;

    @BeforeEach
    void open() {
        database = Database.open("jdbc:h2:mem:" + UUID.randomUUID(), "sa", "", 4);
        ledger = new Ledger(
                database, "one", 10, (key, raw, source) -> new Order(key, json(raw), raw, source), Clock.systemUTC());
    }

    @AfterEach
    void close() {
        ledger.close();
        database.close();
    }

    static ObjectNode json(String text) {
        try {
            return (ObjectNode) JSON.readTree(text.replace('`', '"'));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    final Claim booked(String order, String result) {
        ObjectNode document = json(order);
        Order accepted = new Order(new OrderKey("acme", "A-1", 0), document, document.toString(), "a.json");
        Claim claim = ((Acceptance.Accepted) ledger.accept(accepted).join()).claim();
        claim.choose("birdsystem", "standard", "a-rule");
        claim.sent("book", "REF-1", new StepFacts("v1", "request", null, null, null));
        ObjectNode brought = json(result);
        claim.brought("book", new StepFacts(null, null, "response", brought.toString(), null), brought, true);
        return claim;
    }

    final List<String> texts(String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet rows = statement.executeQuery()) {
            List<String> texts = new ArrayList<>();
            while (rows.next()) {
                texts.add(rows.getString(1));
            }
            return texts;
        }
    }
}
