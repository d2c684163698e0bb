package io.waybill.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.stream.Stream;

/** A PostgreSQL of a test's own, which can be stopped, killed, and started again on the same data and the same port. */
public final class PostgresProcess implements AutoCloseable {

    private final Path data;
    private final HeldPort port;
    private EmbeddedPostgres server;

    private PostgresProcess(Path data, HeldPort port) {
        this.data = data;
        this.port = port;
    }

    /** Starts one on an empty folder. */
    public static PostgresProcess start(Path data) {
        PostgresProcess process = new PostgresProcess(data, HeldPort.any());
        process.start();
        return process;
    }

    /** Starts a copy of this one that follows it, commit by commit, until it is promoted; each commit waits for it. */
    public PostgresProcess replica(Path copy) {
        PostgresProcess replica = new PostgresProcess(copy, HeldPort.any());
        try (Connection connection = connection();
                Statement statement = connection.createStatement()) {
            statement.execute("select pg_start_backup('replica', true, false)");
            copyTo(copy);
            try (ResultSet stop = statement.executeQuery("select labelfile from pg_stop_backup(false, false)")) {
                stop.next();
                Files.writeString(copy.resolve("backup_label"), stop.getString(1));
            }
            Files.createFile(copy.resolve("standby.signal"));
            Files.writeString(
                    copy.resolve("postgresql.auto.conf"),
                    "primary_conninfo = 'host=127.0.0.1 port=" + port() + " user=postgres'\n",
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        replica.start();
        run("alter system set synchronous_standby_names = '*'", "select pg_reload_conf()");
        return replica;
    }

    private void copyTo(Path copy) throws IOException {
        try (Stream<Path> all = Files.walk(data)) {
            for (Path each : all.toList()) {
                String name = data.relativize(each).toString();
                if (!name.matches("postmaster\\..*|epg-lock|pg_stat_tmp/.*|pg_replslot/.*")) {
                    Files.copy(each, copy.resolve(name), StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
    }

    public int port() {
        return port.number();
    }

    /** The JDBC url of its database, by way of any port of this machine. */
    public String url(int by) {
        return "jdbc:postgresql://127.0.0.1:" + by + "/postgres";
    }

    public String url() {
        return url(port());
    }

    /** Starts it again. */
    public void start() {
        try {
            server = EmbeddedPostgres.builder()
                    .setDataDirectory(data)
                    .setCleanDataDirectory(false)
                    .setRegisterShutdownHook(false)
                    .setPort(port())
                    .setServerConfig("fsync", "on")
                    .setServerConfig("synchronous_commit", "on")
                    .setPGStartupWait(Patience.LIMIT)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Stops it as an administrator does; whoever is connected is cut off. */
    public void stop() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Kills it in the middle of whatever it does. */
    public void kill() {
        try {
            String pid = Files.readAllLines(data.resolve("postmaster.pid")).get(0);
            ProcessHandle postmaster = ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
            ProcessHandle[] all = postmaster.descendants().toArray(ProcessHandle[]::new);
            postmaster.destroyForcibly();
            for (ProcessHandle each : all) {
                each.destroyForcibly();
            }
            postmaster.onExit().join();
            for (ProcessHandle each : all) {
                each.onExit().join();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        // frees the folder for the next start
        stop();
    }

    /** Runs statements as the administrator, each on its own. */
    public void run(String... statements) {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            for (String each : statements) {
                statement.execute(each);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A connection of the administrator's. */
    public Connection connection() throws SQLException {
        return server.getPostgresDatabase().getConnection();
    }

    @Override
    public void close() {
        stop();
        port.close();
    }
}
