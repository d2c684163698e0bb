package io.waybill.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * The loop that somebody writes by hand to ship with KDNiao, without an engine.
 *
 * <ol>
 *   <li>{@value #THREADS} threads; each takes a file, reads, parses and maps it.
 *   <li>Claim: a row, committed before the carrier is called; a key that is there already is skipped.
 *   <li>POST with a connection pool; the answer is judged by its result code.
 *   <li>The label is written beside its place, forced to the disk and renamed.
 *   <li>In one transaction: the claim is done, the shipment, the label and the history get their rows.
 *   <li>The answer is written to the outbox beside its place and renamed; the file moves to the archive.
 * </ol>
 *
 * <p>No schema check, no outcome in doubt, no retry, no audit chain.
 */
final class HandWritten implements Contender {

    static final int THREADS = 32;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path inbox;
    private final Path labels;
    private final Path outbox;
    private final Path archive;
    private final HikariDataSource database;
    private final BookingClient carrier;
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);

    HandWritten(Path work, BookingClient carrier) throws IOException, SQLException {
        this.inbox = Files.createDirectories(work.resolve("inbox"));
        this.labels = Files.createDirectories(work.resolve("labels"));
        this.outbox = Files.createDirectories(work.resolve("outbox"));
        this.archive = Files.createDirectories(work.resolve("archive"));
        this.carrier = carrier;
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(System.getProperty("bench.db.url"));
        config.setUsername(System.getProperty("bench.db.user"));
        config.setPassword("");
        config.setMaximumPoolSize(THREADS);
        this.database = new HikariDataSource(config);
        tables();
    }

    @Override
    public Path inbox() {
        return inbox;
    }

    @Override
    public void ship(int orders) throws Exception {
        List<Path> files;
        try (Stream<Path> list = Files.list(inbox)) {
            files = list.toList();
        }
        List<Future<?>> shipped = new ArrayList<>();
        for (Path file : files) {
            shipped.add(threads.submit(() -> {
                ship(file);
                return null;
            }));
        }
        for (Future<?> each : shipped) {
            each.get();
        }
    }

    @Override
    public long known() throws IOException {
        try (Stream<Path> list = Files.walk(labels)) {
            return list.filter(Files::isRegularFile).count();
        }
    }

    @Override
    public void close() {
        threads.shutdown();
        database.close();
    }

    private void ship(Path file) throws IOException, SQLException {
        byte[] raw = Files.readAllBytes(file);
        JsonNode order = JSON.readTree(raw);
        String id = order.path("order_id").asText();
        if (claim(id, raw)) {
            JsonNode answer = carrier.book((ObjectNode) order);
            byte[] label = answer.path("PrintTemplate").asText().getBytes(StandardCharsets.UTF_8);
            Path stored = store(id, label);
            record(id, answer, stored, label.length);
            answer(id, answer, stored, label.length);
        }
        Files.move(file, archive.resolve(file.getFileName()));
    }

    private boolean claim(String id, byte[] raw) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement claim = connection.prepareStatement(
                        "insert into hand_order (order_id, state, payload, at) values (?, 'claimed', ?, current_timestamp)"
                                + " on conflict do nothing")) {
            claim.setString(1, id);
            claim.setString(2, new String(raw, StandardCharsets.UTF_8));
            return claim.executeUpdate() == 1;
        }
    }

    private Path store(String id, byte[] label) throws IOException {
        Path folder = Files.createDirectories(labels.resolve(String.format("%02x", id.hashCode() & 0xff)));
        Path temp = folder.resolve("." + id + ".tmp");
        try (FileChannel out = FileChannel.open(temp, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            out.write(ByteBuffer.wrap(label));
            out.force(true);
        }
        return Files.move(temp, folder.resolve(id + ".html"), StandardCopyOption.ATOMIC_MOVE);
    }

    private void record(String id, JsonNode answer, Path label, int bytes) throws SQLException {
        JsonNode made = answer.path("Order");
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            execute(connection, "update hand_order set state = 'done', at = current_timestamp where order_id = ?", id);
            execute(
                    connection,
                    "insert into hand_shipment (order_id, carrier_order_id, tracking_number, sorting, result)"
                            + " values (?, ?, ?, ?, ?)",
                    id,
                    made.path("KDNOrderCode").asText(),
                    made.path("LogisticCode").asText(),
                    made.path("SortingCode").asText(),
                    made.toString());
            execute(
                    connection,
                    "insert into hand_label (order_id, path, bytes) values (?, ?, ?)",
                    id,
                    label.toString(),
                    bytes);
            execute(
                    connection,
                    "insert into hand_history (order_id, what, at) values (?, 'done', current_timestamp)",
                    id);
            connection.commit();
        }
    }

    private void answer(String id, JsonNode answer, Path label, int bytes) throws IOException {
        JsonNode made = answer.path("Order");
        ObjectNode shipment = JSON.createObjectNode();
        shipment.put("order_id", id).put("carrier", "kdniao");
        shipment.set("carrier_order_id", made.path("KDNOrderCode"));
        shipment.set("tracking_number", made.path("LogisticCode"));
        shipment.putObject("sorting").set("code", made.path("SortingCode"));
        shipment.putObject("label").put("path", label.toString()).put("bytes", bytes);
        Path temp = outbox.resolve("." + id + ".tmp");
        Files.write(temp, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(shipment));
        Files.move(temp, outbox.resolve(id + ".json"), StandardCopyOption.ATOMIC_MOVE);
    }

    private static void execute(Connection connection, String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            statement.executeUpdate();
        }
    }

    private void tables() throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "create table if not exists hand_order (order_id varchar(80) primary key, state varchar(16) not null,"
                            + " payload text not null, at timestamp with time zone not null)");
            statement.execute("create table if not exists hand_shipment (order_id varchar(80) primary key,"
                    + " carrier_order_id varchar(80), tracking_number varchar(80), sorting varchar(200), result text)");
            statement.execute(
                    "create table if not exists hand_label (order_id varchar(80) primary key, path varchar(400) not null,"
                            + " bytes integer not null)");
            statement.execute(
                    "create table if not exists hand_history (order_id varchar(80) not null, what varchar(40) not null,"
                            + " at timestamp with time zone not null, primary key (order_id, what))");
        }
    }
}
