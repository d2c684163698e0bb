package io.waybill.bench;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The database that both contenders write to, durable at every commit. */
interface BenchDatabase extends AutoCloseable {

    String name();

    /** The JDBC URL; H2 lives in the contender's process, so each has a file of its own there. */
    String url(String contender);

    /** The CPU seconds of the server so far; 0 where the database is part of the contender. */
    double cpuSeconds();

    @Override
    void close() throws IOException;

    static BenchDatabase h2(Path work) {
        return new BenchDatabase() {
            @Override
            public String name() {
                return "H2";
            }

            @Override
            public String url(String contender) {
                return "jdbc:h2:file:" + work.resolve(contender + "/data/db")
                        + ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;WRITE_DELAY=0";
            }

            @Override
            public double cpuSeconds() {
                return 0;
            }

            @Override
            public void close() {
                // it ends with the contenders
            }
        };
    }

    static BenchDatabase postgres(Path work) throws IOException {
        Path data = work.resolve("postgres");
        EmbeddedPostgres server = EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("max_connections", "100")
                .start();
        long pid = Long.parseLong(
                Files.readAllLines(data.resolve("postmaster.pid")).get(0));
        return new BenchDatabase() {
            @Override
            public String name() {
                return "PostgreSQL";
            }

            @Override
            public String url(String contender) {
                return "jdbc:postgresql://127.0.0.1:" + server.getPort() + "/postgres";
            }

            @Override
            public double cpuSeconds() {
                return Processes.cpuSeconds(pid);
            }

            @Override
            public void close() throws IOException {
                server.close();
            }
        };
    }
}
