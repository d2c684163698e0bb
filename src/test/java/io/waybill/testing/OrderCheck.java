package io.waybill.testing;

import com.fasterxml.jackson.databind.JsonNode;
import io.waybill.order.Fingerprint;
import io.waybill.order.OrderKey;
import io.waybill.sandbox.Booked;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;

/**
 * What must be true when everything has settled, however often a process died on the way.
 *
 * <ol>
 *   <li>An order is completed (one booking at the carrier, one answer, its label on the disk and in a row with the same
 *       SHA-256, its tracking events and charges in one row each), or it is a dead letter with its reason and no booking, or
 *       it is in doubt at a carrier that cannot be asked, with at most one booking.
 *   <li>No carrier has an order twice, or one that Waybill does not know.
 *   <li>No label without a row and no row without a label, no dead letter without its row and files.
 *   <li>Nothing is left in the inbox.
 * </ol>
 */
public final class OrderCheck {

    private final Connection ledger;
    private final Path work;
    private final Map<String, Long> bookings;
    private final Predicate<String> doomed;

    private OrderCheck(Connection ledger, Parts parts) {
        this.ledger = ledger;
        this.work = parts.work;
        this.doomed = parts.doomed;
        this.bookings = parts.booked.stream()
                .collect(Collectors.groupingBy(each -> String.valueOf(each.reference()), Collectors.counting()));
    }

    /**
     * What is checked.
     *
     * @param booked the carriers' own ledger, as far as it is about these orders
     * @param ids the orders that were handed in, all of the account {@code default}
     * @param doomed which of them have to become dead letters; no other may
     */
    public record Parts(
            DataSource ledger, Path work, List<Booked> booked, Collection<String> ids, Predicate<String> doomed) {}

    /** What is wrong with these orders, one sentence each; empty if nothing is. Others may be on their way. */
    public static List<String> wrongOrders(Parts parts) {
        try (Connection connection = parts.ledger.getConnection()) {
            OrderCheck check = new OrderCheck(connection, parts);
            List<String> wrong = new ArrayList<>();
            parts.ids.forEach(id -> check.order(id).forEach(what -> wrong.add("order " + id + ": " + what)));
            return wrong;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The same, and what is wrong beside: these are all orders there are, and nothing else may be anywhere. */
    public static List<String> wrong(Parts parts) {
        List<String> wrong = new ArrayList<>(wrongOrders(parts));
        try (Connection connection = parts.ledger.getConnection()) {
            OrderCheck check = new OrderCheck(connection, parts);
            wrong.addAll(check.strangers(Set.copyOf(parts.ids)));
            wrong.addAll(check.labels());
            wrong.addAll(check.deadLetters());
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        RunningWaybill.files(parts.work.resolve("inbox")).forEach(file -> wrong.add("left in the inbox: " + file));
        return wrong;
    }

    private List<String> order(String id) {
        List<Map<String, String>> rows = rows("orders", id);
        if (rows.size() != 1) {
            return List.of("lost");
        }
        Map<String, String> row = rows.get(0);
        String state = row.get("state");
        if (doomed.test(id) != state.equals("dead-letter")) {
            return List.of("is " + state);
        }
        return switch (state) {
            case "completed", "awaiting" -> completed(id, row);
            case "dead-letter" -> dead(id);
            case "in-doubt" -> inDoubt(id, row);
            default -> List.of("is still " + state);
        };
    }

    private List<String> completed(String id, Map<String, String> row) {
        List<String> wrong = new ArrayList<>();
        Path file = answer(id);
        if (!Files.isRegularFile(file)) {
            return List.of("completed without an answer");
        }
        JsonNode answer = RunningWaybill.json(file);
        expect(wrong, "bookings at the carrier", 1, bookings(id));
        expect(wrong, "answer", Orders.json(row.get("shipment")), answer);
        expect(
                wrong,
                "tracking rows",
                brought(id).path("tracking_events").size(),
                rows("tracking_event", id).size());
        expect(wrong, "charges", amounts(answer), amounts(id));
        expect(wrong, "dead letters", 0, rows("dead_letter", id).size());
        List<String> open = new ArrayList<>(List.of("book", "label", "tracking", "billing", "answer"));
        rows("step", id).stream()
                .filter(step -> step.get("state").equals("done"))
                .forEach(step -> open.remove(step.get("step")));
        expect(wrong, "steps not done", List.of(), open);
        List<String> stored =
                rows("label", id).stream().map(label -> label.get("sha256")).toList();
        JsonNode label = answer.path("label");
        expect(wrong, "labels", label.has("path") ? List.of(label.get("sha256").asText()) : List.of(), stored);
        return wrong;
    }

    /** What the carrier told with the booking. */
    private JsonNode brought(String id) {
        return rows("step", id).stream()
                .filter(step -> step.get("step").equals("book") && step.get("result") != null)
                .map(step -> Orders.json(step.get("result")))
                .findFirst()
                .orElse(Orders.json("{}"));
    }

    private List<String> dead(String id) {
        List<String> wrong = new ArrayList<>();
        expect(wrong, "rows of its dead letter", 1, rows("dead_letter", id).size());
        expect(wrong, "bookings at the carrier", 0, bookings(id));
        expect(wrong, "answers", false, Files.exists(answer(id)));
        return wrong;
    }

    private List<String> inDoubt(String id, Map<String, String> row) {
        List<String> wrong = new ArrayList<>();
        expect(wrong, "carrier that cannot be asked", "mabang", row.get("carrier"));
        expect(wrong, "more than one booking", false, bookings(id) > 1);
        expect(
                wrong,
                "rows made of an unknown outcome",
                0,
                rows("label", id).size() + rows("charge", id).size());
        expect(wrong, "answers", false, Files.exists(answer(id)));
        return wrong;
    }

    private List<String> strangers(Set<String> ids) {
        return bookings.keySet().stream()
                .filter(reference -> !ids.contains(reference))
                .map(reference -> "booked, but nobody knows it: " + reference)
                .toList();
    }

    private List<String> labels() {
        List<String> wrong = new ArrayList<>();
        Map<String, String> rows = new TreeMap<>();
        query("select path, sha256 from label").forEach(row -> rows.put(row.get("path"), row.get("sha256")));
        rows.forEach((path, sha256) -> {
            Path file = Path.of(path);
            if (!Files.isRegularFile(file)) {
                wrong.add("row without a label: " + path);
            } else if (!Fingerprint.of(bytes(file)).equals(sha256)) {
                wrong.add("label that is not what its row says: " + path);
            }
        });
        RunningWaybill.files(work.resolve("labels")).stream()
                .filter(file -> !rows.containsKey(file.toString()))
                .forEach(file -> wrong.add("label without a row: " + file));
        return wrong;
    }

    private List<String> deadLetters() {
        Set<String> expected = query("select file from dead_letter").stream()
                .map(row -> row.get("file"))
                .flatMap(file -> Stream.of(file, file.replaceFirst("\\.json$", ".reason.json")))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> found = RunningWaybill.files(work.resolve("dead-letters")).stream()
                .map(Path::toString)
                .collect(Collectors.toCollection(TreeSet::new));
        List<String> wrong = new ArrayList<>();
        expect(wrong, "files of dead letters", expected, found);
        return wrong;
    }

    private Path answer(String id) {
        return work.resolve("outbox/default").resolve(new OrderKey("default", id, 0).fileName() + ".json");
    }

    private int bookings(String id) {
        return bookings.getOrDefault(id, 0L).intValue();
    }

    private static List<BigDecimal> amounts(JsonNode answer) {
        List<BigDecimal> amounts = new ArrayList<>();
        answer.path("charges")
                .forEach(charge ->
                        amounts.add(new BigDecimal(charge.get("amount").asText()).setScale(4)));
        return amounts.stream().sorted().toList();
    }

    private List<BigDecimal> amounts(String id) {
        return rows("charge", id).stream()
                .map(row -> new BigDecimal(row.get("amount")).setScale(4))
                .sorted()
                .toList();
    }

    private static void expect(List<String> wrong, String what, Object expected, Object found) {
        if (!expected.equals(found)) {
            wrong.add(what + ": expected " + expected + ", found " + found);
        }
    }

    private List<Map<String, String>> rows(String table, String id) {
        return query("select * from " + table + " where account = 'default' and order_id = ? and reissue = 0", id);
    }

    private List<Map<String, String>> query(String sql, String... values) {
        try (PreparedStatement statement = ledger.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setString(i + 1, values[i]);
            }
            try (ResultSet rows = statement.executeQuery()) {
                List<Map<String, String>> list = new ArrayList<>();
                while (rows.next()) {
                    Map<String, String> row = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
                    for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                        row.put(rows.getMetaData().getColumnLabel(i), rows.getString(i));
                    }
                    list.add(row);
                }
                return list;
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
