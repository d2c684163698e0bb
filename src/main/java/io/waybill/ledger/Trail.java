package io.waybill.ledger;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.order.OrderKey;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;

/**
 * The whole chain of one order, order to refund, as its tables hold it; for people and for machines.
 *
 * <p>{@code {order, history, steps, labels, follow_ups, tracking_events, charges, dead_letters}}, each list the oldest first, each row
 * with the columns of its table. The order as it came and what the carrier answered stay out: they hold addresses. Of an order
 * that is booked and was not answered, the numbers at the carrier stand under {@code booked}.
 */
public final class Trail {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String KEY = " where account = ? and order_id = ? and reissue = ?";
    private static final String LABELS = "* from label";
    private static final Set<String> IDENTITY = Set.of("account", "order_id", "reissue");
    private static final Set<String> DOCUMENTS = Set.of("shipment", "detail", "faults", "result");
    private static final List<String> NUMBERS = List.of("tracking_number", "carrier_order_id");

    private final DataSource dataSource;

    /** Reads from this database. */
    public Trail(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** The chain of an order, empty if nobody knows it. */
    public Optional<ObjectNode> of(OrderKey key) {
        try (Connection connection = dataSource.getConnection()) {
            ArrayNode orders = rows(
                    connection,
                    "select account, order_id, reissue, state, carrier, service, rule, carrier_reference, source,"
                            + " fingerprint, shipment, owner, attempts, due_at, duplicates, accepted_at, updated_at,"
                            + " forgotten_at"
                            + " from orders",
                    key,
                    Set.of());
            if (orders.isEmpty()) {
                return Optional.empty();
            }
            ObjectNode trail = JSON.createObjectNode();
            trail.set("order", booked(connection, (ObjectNode) orders.get(0), key));
            trail.set("history", part(connection, "seq, at, what, detail, actor, hash from history", "seq", key));
            trail.set(
                    "steps",
                    part(
                            connection,
                            "step, state, attempt, owner, mapping_version, request_fingerprint, response_fingerprint,"
                                    + " reason, since from step",
                            "since, step",
                            key));
            trail.set("labels", part(connection, LABELS, "number", key));
            trail.set("follow_ups", part(connection, "* from follow_up", "since, operation", key));
            trail.set("tracking_events", part(connection, "* from tracking_event", "at, event_id", key));
            trail.set("charges", part(connection, "* from charge", "at, charge_id", key));
            trail.set("dead_letters", part(connection, "* from dead_letter", "at, id", key));
            return Optional.of(trail);
        } catch (SQLException e) {
            throw new LedgerUnavailable("ledger: it cannot be read", e);
        }
    }

    /** Why what claims this identity never became an order: its newest dead letter; empty if there is none. */
    public Optional<String> neverAccepted(OrderKey key) {
        try (Connection connection = dataSource.getConnection()) {
            ArrayNode letters = part(connection, "cause, message, file from dead_letter", "at desc, id", key);
            return Optional.ofNullable(letters.get(0))
                    .map(letter -> "never accepted; dead letter '"
                            + letter.path("cause").asText() + "': "
                            + letter.path("message").asText() + "; see "
                            + letter.path("file").asText());
        } catch (SQLException e) {
            throw new LedgerUnavailable("ledger: it cannot be read", e);
        }
    }

    /** The labels of an order, with {@code number, path, bytes, sha256} and what else is kept of them. */
    public ArrayNode labels(OrderKey key) {
        try (Connection connection = dataSource.getConnection()) {
            return part(connection, LABELS, "number", key);
        } catch (SQLException e) {
            throw new LedgerUnavailable("ledger: it cannot be read", e);
        }
    }

    private static ObjectNode booked(Connection connection, ObjectNode order, OrderKey key) throws SQLException {
        if (order.has("shipment")) {
            return order;
        }
        ArrayNode steps =
                rows(connection, "select result from step", " and step = 'book' and state = 'done'", key, Set.of());
        for (JsonNode step : steps) {
            ObjectNode booked = order.putObject("booked");
            step.path("result").properties().stream()
                    .filter(field -> NUMBERS.contains(field.getKey()))
                    .forEach(field -> booked.set(field.getKey(), field.getValue()));
        }
        return order;
    }

    private static ArrayNode part(Connection connection, String what, String order, OrderKey key) throws SQLException {
        return rows(connection, "select " + what, " order by " + order, key, IDENTITY);
    }

    private static ArrayNode rows(Connection connection, String sql, OrderKey key, Set<String> without)
            throws SQLException {
        return rows(connection, sql, "", key, without);
    }

    private static ArrayNode rows(Connection connection, String sql, String order, OrderKey key, Set<String> without)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql + KEY + order)) {
            List<Object> values = List.of(key.account(), key.orderId(), key.reissue());
            for (int i = 0; i < values.size(); i++) {
                statement.setObject(i + 1, values.get(i));
            }
            ArrayNode rows = JSON.createArrayNode();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    columns(row, rows.addObject(), without);
                }
            }
            return rows;
        }
    }

    private static void columns(ResultSet row, ObjectNode target, Set<String> without) throws SQLException {
        ResultSetMetaData columns = row.getMetaData();
        for (int i = 1; i <= columns.getColumnCount(); i++) {
            String name = columns.getColumnLabel(i).toLowerCase(Locale.ROOT);
            if (!without.contains(name)) {
                put(row, i, columns.getColumnTypeName(i).toLowerCase(Locale.ROOT), target, name);
            }
        }
    }

    private static void put(ResultSet row, int column, String type, ObjectNode target, String name)
            throws SQLException {
        if (row.getObject(column) == null) {
            return;
        }
        if (type.startsWith("timestamp")) {
            target.put(
                    name,
                    row.getObject(column, OffsetDateTime.class).toInstant().toString());
        } else if (type.startsWith("int") || type.startsWith("bigint")) {
            target.put(name, row.getLong(column));
        } else if (type.startsWith("bool")) {
            target.put(name, row.getBoolean(column));
        } else if (type.startsWith("numeric")) {
            target.put(name, row.getBigDecimal(column).toPlainString());
        } else if (DOCUMENTS.contains(name)) {
            document(row.getString(column), target, name);
        } else {
            target.put(name, row.getString(column));
        }
    }

    private static void document(String text, ObjectNode target, String name) {
        try {
            target.set(name, JSON.readTree(text));
        } catch (JsonProcessingException e) {
            target.put(name, text);
        }
    }
}
