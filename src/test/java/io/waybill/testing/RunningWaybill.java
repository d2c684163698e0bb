package io.waybill.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.waybill.cli.SandboxSettings;
import io.waybill.engine.Engine;
import io.waybill.order.OrderKey;
import io.waybill.order.Outcome;
import io.waybill.route.Tally;
import io.waybill.sandbox.Sandbox;
import io.waybill.settings.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.awaitility.Awaitility;

/**
 * A whole Waybill on a work folder of its own, with the real routes and mappings, and eyes to see what it did.
 *
 * <p>Polls and waits are short, so that tests are; everything else is as shipped.
 */
public final class RunningWaybill implements AutoCloseable {

    /** How long anything that should happen may take on a busy machine. */
    public static final Duration PATIENCE = Patience.LIMIT;

    public static final String ADMINS_PASSWORD = "nobody knows it";

    private static final ObjectMapper JSON = new ObjectMapper();

    /** In these an order is somebody's all the time. */
    private static final Set<String> AT_WORK = Set.of("accepted", "sent");

    private final Path work;
    private final Engine engine;
    private final DataSource database;
    private final AtomicInteger duplicates;

    private RunningWaybill(Path work, Engine engine, AtomicInteger duplicates) {
        this.work = work;
        this.engine = engine;
        this.database = engine.main().lookup("ledgerDb", DataSource.class);
        this.duplicates = duplicates;
    }

    /** What a Waybill is started with. */
    public static final class Start {

        private final Path work;
        private final Map<String, String> settings = new TreeMap<>(Map.of(
                "waybill.management.enabled", "false",
                "waybill.due.poll-ms", "100",
                "waybill.intake.poll-ms", "100",
                "waybill.intake.settle-ms", "100",
                "waybill.intake.sweep-ms", "200",
                "waybill.retry.longest-seconds", "1",
                "waybill.pause.first-seconds", "1",
                "waybill.pause.longest-seconds", "1"));

        private Start(Path work) {
            this.work = work;
        }

        /** A setting, over those of the harness. */
        public Start with(String name, String value) {
            settings.put(name, value);
            return this;
        }

        /** With a management port, whose administrator has the password {@link #ADMINS_PASSWORD}. */
        public Start managed() {
            Path users = work.resolve("conf/users.properties");
            if (!Files.exists(users)) {
                QuickUsers.add(users, "admin", "operator", ADMINS_PASSWORD);
            }
            return with("waybill.management.enabled", "true").with("waybill.management.port", "0");
        }

        /** The carriers and one account, {@code default}, at each. */
        public Start carriers(Sandbox sandbox) {
            settings.putAll(SandboxSettings.of(sandbox));
            return this;
        }

        /**
         * Copies routes and mappings beside the work folder and changes one text in one of the copies, so that a test need
         * not wait as long as a carrier may.
         */
        public Start changed(String file, String from, String to) {
            Path home = home();
            try {
                String text = Files.readString(home.resolve(file));
                assertThat(text).contains(from);
                Files.writeString(home.resolve(file), text.replace(from, to));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return with("waybill.home", home.toString());
        }

        /**
         * Copies routes and mappings beside the work folder and adds a carrier: what lies below {@code mappings} and {@code
         * routes} of its folder, and the lines of {@code routes/carrier-rules.lines.yaml} to the rules.
         */
        public Start carrierFolder(Path carrier) {
            Path home = home();
            Path rules = home.resolve("routes/carrier-rules.yaml");
            Path lines = home.resolve("routes/carrier-rules.lines.yaml");
            try {
                copy(carrier, home);
                Files.writeString(rules, Files.readString(rules) + Files.readString(lines));
                Files.delete(lines);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return with("waybill.home", home.toString());
        }

        private Path home() {
            Path home = work.resolveSibling(work.getFileName() + "-home");
            try {
                if (!Files.exists(home)) {
                    copy(Path.of("routes"), home.resolve("routes"));
                    copy(Path.of("mappings"), home.resolve("mappings"));
                }
                return home;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Starts it; the folder may be one that another Waybill worked on before. */
        public RunningWaybill start() {
            Properties properties = new Properties();
            properties.putAll(settings);
            properties.setProperty("waybill.work", work.toString());
            AtomicInteger duplicates = new AtomicInteger();
            Engine engine = Engine.start(Settings.load(properties, Map.of()), counting(duplicates));
            return new RunningWaybill(work, engine, duplicates);
        }
    }

    /** A Waybill on this work folder. */
    public static Start on(Path work) {
        return new Start(work);
    }

    /** The running engine. */
    public Engine engine() {
        return engine;
    }

    /** How often an order came again with the same content since the start. */
    public int duplicates() {
        return duplicates.get();
    }

    /** Drops a file into the inbox as a careful writer does: whole, under its name only when complete. */
    public void drop(String name, String content) {
        drop(name, content.getBytes(StandardCharsets.UTF_8));
    }

    /** The same with an order. */
    public void drop(String name, JsonNode order) {
        drop(name, order.toString());
    }

    /** The same with bytes; {@code name} may be {@code <account>/<name>}. */
    public void drop(String name, byte[] content) {
        try {
            Path target = inbox().resolve(name);
            Files.createDirectories(target.getParent());
            Path temp = target.resolveSibling(target.getFileName() + ".tmp");
            Files.write(temp, content);
            Files.move(temp, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Path inbox() {
        return work.resolve("inbox");
    }

    /**
     * Whether a file of that name is seen in the inbox; it comes and goes between there and the node's own folder with each
     * attempt, so that one that is not seen may be there all the same: see {@link #awaitArchived(String)}.
     */
    public boolean holds(String name) {
        String stem = name.substring(0, name.lastIndexOf('.'));
        try (Stream<Path> files = Files.walk(inbox())) {
            return files.anyMatch(file -> file.getFileName().toString().startsWith(stem));
        } catch (IOException | UncheckedIOException e) {
            return false;
        }
    }

    public Path outbox() {
        return work.resolve("outbox");
    }

    public Path labels() {
        return work.resolve("labels");
    }

    public Path deadLetters() {
        return work.resolve("dead-letters");
    }

    /** What became of the order files that were taken in, under their archived names. */
    public List<Path> archived() {
        return files(work.resolve("archive"));
    }

    /** Waits until an order of the account {@code default} is in this state, then gives its row. */
    public Map<String, Object> await(String orderId, String state) {
        return await(new OrderKey("default", orderId, 0), state);
    }

    /**
     * Waits until an order is in this state, then gives its row. Unless that is a state of work, nobody works on the order any
     * more either: what belongs to its end is logged, and its hand is free.
     */
    public Map<String, Object> await(OrderKey key, String state) {
        return awaitRow(key, "to be " + state, AT_WORK.contains(state), row -> assertThat(row)
                .containsEntry("state", state));
    }

    /** Waits until an order of the account {@code default} is answered, whether or not something still comes; gives its row. */
    public Map<String, Object> awaitAnswered(String orderId) {
        return awaitRow(
                new OrderKey("default", orderId, 0), "to be answered", false, row -> assertThat(row.get("state"))
                        .isIn("completed", "awaiting"));
    }

    private Map<String, Object> awaitRow(OrderKey key, String what, boolean atWork, Consumer<Map<String, Object>> is) {
        AtomicReference<Map<String, Object>> seen = new AtomicReference<>();
        Awaitility.await("order " + key + " " + what)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                // the database may be what is away
                .ignoreExceptionsInstanceOf(IllegalStateException.class)
                .untilAsserted(() -> {
                    Map<String, Object> row = order(key);
                    is.accept(row);
                    assertThat(atWork || rests(key, row)).as("at rest").isTrue();
                    seen.set(row);
                });
        return seen.get();
    }

    /** Whether a node neither has the order by the ledger nor, in this process, still has it in hand. */
    private boolean rests(OrderKey key, Map<String, Object> row) {
        return !String.valueOf(row.get("owner")).contains("#")
                && engine.ledger().claim(key).isEmpty();
    }

    /**
     * Waits until something has happened to an order of the account {@code default}; unlike a state, it cannot pass unseen.
     */
    public void awaitHistory(String orderId, String what) {
        OrderKey key = new OrderKey("default", orderId, 0);
        Awaitility.await("order " + key + ": " + what)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .ignoreExceptionsInstanceOf(IllegalStateException.class)
                .untilAsserted(() -> assertThat(of("history", key))
                        .extracting(row -> row.get("what"))
                        .contains(what));
    }

    /** Waits until so many of the order files that were taken in lie in the archive, and gives them. */
    public List<Path> awaitArchived(int count) {
        Awaitility.await(count + " archived files")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .untilAsserted(() -> assertThat(archived()).hasSize(count));
        return archived();
    }

    /** Waits until the file that was dropped under this name has left the inbox for good. */
    public void awaitArchived(String name) {
        String stem = name.substring(0, name.lastIndexOf('.')) + "-";
        Patience.await(name + " in the archive")
                .pollInterval(Duration.ofMillis(50))
                .until(() -> archived().stream()
                        .anyMatch(file -> file.getFileName().toString().startsWith(stem)));
    }

    /** Whether nobody works on an order at this moment, so that what was made of it is in its rows too. */
    public boolean atRest(OrderKey key) {
        return rests(key, order(key));
    }

    /** The row of an order, empty if there is none. */
    public Map<String, Object> order(OrderKey key) {
        return of("orders", key).stream().findFirst().orElse(Map.of());
    }

    /** The rows of a table that belong to an order, in the order of their keys. */
    public List<Map<String, Object>> of(String table, OrderKey key) {
        String order = Map.of("history", " order by seq", "step", " order by step", "dead_letter", " order by at")
                .getOrDefault(table, "");
        return query(
                "select * from " + table + " where account = ? and order_id = ? and reissue = ?" + order,
                key.account(),
                key.orderId(),
                key.reissue());
    }

    /** What a query gives, column names in lower case. */
    public List<Map<String, Object>> query(String sql, Object... values) {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            try (ResultSet rows = statement.executeQuery()) {
                return rows(rows);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Changes rows behind the engine's back, and tells how many. */
    public int update(String sql) {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            return statement.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Waits for the answer in the outbox and reads it. */
    public JsonNode shipment(String account, String fileName) {
        Path file = outbox().resolve(account).resolve(fileName + ".json");
        Awaitility.await("answer " + file)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> Files.exists(file));
        return json(file);
    }

    /** The dead letters on the disk, by name; without one of which only the reason is there yet. */
    public List<Dead> dead() {
        return files(deadLetters()).stream()
                .filter(file -> file.toString().endsWith(".reason.json"))
                .map(Dead::of)
                .filter(dead -> Files.exists(dead.file(), LinkOption.NOFOLLOW_LINKS))
                .toList();
    }

    /** Waits until there are so many dead letters, and gives them. */
    public List<Dead> awaitDead(int count) {
        Awaitility.await(count + " dead letters")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .untilAsserted(() -> assertThat(dead()).hasSize(count));
        return dead();
    }

    /** Waits until a dead letter with this cause belongs to an order id, its files and then its row, and gives it. */
    public Dead awaitDead(String orderId, String cause) {
        OrderKey key = new OrderKey("default", orderId, 0);
        return Awaitility.await("dead letter of " + orderId + " with cause " + cause)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                // another one may be moved away while they are listed
                .ignoreExceptionsInstanceOf(UncheckedIOException.class)
                .until(
                        () -> find(orderId, cause)
                                .filter(dead -> isListed(dead))
                                .filter(dead -> engine.ledger().claim(key).isEmpty()),
                        Optional::isPresent)
                .orElseThrow();
    }

    private boolean isListed(Dead dead) {
        return !query("select 1 from dead_letter where file = ?", dead.file().toString())
                .isEmpty();
    }

    private Optional<Dead> find(String orderId, String cause) {
        String start = new OrderKey("default", orderId, 0).fileName() + "-";
        return dead().stream()
                .filter(dead -> dead.name().startsWith(start)
                        && dead.name().length() == start.length() + 12
                        && dead.cause().equals(cause))
                .findFirst();
    }

    /** A dead letter as an operator finds it: the order's file, and the reason beside it. */
    public record Dead(Path file, JsonNode reason) {

        private static Dead of(Path reason) {
            String name = reason.getFileName().toString().replace(".reason.json", "");
            Path order = reason.resolveSibling(name + ".json");
            return new Dead(
                    Files.exists(order, LinkOption.NOFOLLOW_LINKS) ? order : reason.resolveSibling(name), json(reason));
        }

        /** The name without its ending. */
        public String name() {
            return file.getFileName().toString().replaceFirst("\\.json$", "");
        }

        public String cause() {
            return reason.path("cause").asText();
        }

        public String message() {
            return reason.path("message").asText();
        }

        public String next() {
            return reason.path("next").asText();
        }

        /** The order as it was kept. */
        public byte[] raw() {
            try {
                return Files.readAllBytes(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** The order as it was kept, as text. */
        public String text() {
            return new String(raw(), StandardCharsets.UTF_8);
        }
    }

    /** Every regular file below a folder, in order of path. */
    public static List<Path> files(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        List<Path> found = new ArrayList<>();
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    if (attributes.isRegularFile()) {
                        found.add(file);
                    }
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException gone) {
                    // renamed since it was listed
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found.stream().sorted().toList();
    }

    /** A file as text. */
    public static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A JSON file as a tree. */
    public static JsonNode json(Path file) {
        try {
            return JSON.readTree(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        engine.close();
    }

    public static void copy(Path from, Path to) throws IOException {
        for (Path file : files(from)) {
            Path target = to.resolve(from.relativize(file).toString());
            Files.createDirectories(target.getParent());
            Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static List<Map<String, Object>> rows(ResultSet rows) throws SQLException {
        List<Map<String, Object>> list = new ArrayList<>();
        while (rows.next()) {
            Map<String, Object> row = new LinkedHashMap<>();
            for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                row.put(rows.getMetaData().getColumnLabel(i).toLowerCase(Locale.ROOT), rows.getObject(i));
            }
            list.add(row);
        }
        return list;
    }

    private static Tally counting(AtomicInteger duplicates) {
        return new Tally() {
            @Override
            public void called(String carrier, Outcome outcome) {
                // the sandbox counts the calls
            }

            @Override
            public void settled(Settled settled) {
                // the ledger knows it
            }

            @Override
            public void duplicate() {
                duplicates.incrementAndGet();
            }
        };
    }
}
