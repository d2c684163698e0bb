package io.waybill.bench;

import io.waybill.cli.Waybill;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Measures (a) Waybill, files to answers, beside (b) {@link HandWritten}, and if asked (c) the same loop with Waybill's checks and
 * mappings, and prints one table.
 *
 * <ul>
 *   <li>{@code -Dbench.orders}: orders a slice; {@code -Dbench.slices}: measured slices of each.
 *   <li>{@code -Dbench.databases=H2,PostgreSQL}, {@code -Dbench.delays=0,50}: what is run.
 *   <li>{@code -Dbench.mapped=true}: with (c), see {@link MappedClient}.
 *   <li>{@code -Dbench.batch}: the orders of the one large file, 0 to leave it out.
 *   <li>{@code -Dbench.claims}: the orders of the large ledger of {@link ClaimBench}, 0 to leave it out.
 *   <li>{@code -Dbench.jvm}: more options for the child JVMs, {@code -Dbench.keep=true}: leave everything to be looked at.
 *   <li>{@code -Dbench.work}: the folder of everything, by default {@code target/bench}.
 *   <li>{@code -Dbench.warm-up}: slices of each that do not count.
 * </ul>
 */
public final class Bench {

    private static final int SLOW_IN_FLIGHT = 128;
    private static final Map<String, String> NAMES =
            Map.of("waybill", "(a) Waybill", "hand", "(b) by hand", "mapped", "(c) mapped");

    private final Path work;
    private final int orders = Integer.getInteger("bench.orders", 5000);
    private final int slices = Integer.getInteger("bench.slices", 6);

    private Bench(Path work) {
        this.work = work;
    }

    /** Runs everything; takes some minutes. */
    public static void main(String[] arguments) throws IOException, SQLException {
        Path work = Files.createTempDirectory(base(), "waybill-bench-");
        System.out.println("work folder " + work + ", " + Runtime.getRuntime().availableProcessors()
                + " processors, Java " + Runtime.version());
        try {
            if (!System.getProperty("bench.databases", "all").isBlank()) {
                new Bench(work).run();
            }
            int claims = Integer.getInteger("bench.claims", 500_000);
            if (claims > 0) {
                ClaimBench.run(work, claims);
            }
        } finally {
            if (!Boolean.getBoolean("bench.keep")) {
                delete(work);
            }
        }
    }

    private void run() throws IOException {
        System.out.printf(
                "%d slices of %d orders each, in turns; heap 256 MB each%n%n"
                        + "%-10s %6s  %-12s %9s %7s %9s %9s %9s  %s%n",
                slices,
                orders,
                "database",
                "delay",
                "",
                "orders/s",
                "CPU ms",
                "+server",
                "heap MB",
                "RSS MB",
                "a/b, a/c");
        for (String name :
                System.getProperty("bench.databases", "H2,PostgreSQL").split(",")) {
            for (String delay : System.getProperty("bench.delays", "0,50").split(",")) {
                round(name, Integer.parseInt(delay));
            }
        }
        int batch = Integer.getInteger("bench.batch", 100_000);
        if (batch > 0) {
            System.out.println();
            try (Child sandbox = sandbox(work, 0)) {
                Path folder = Files.createDirectories(work.resolve("batch"));
                System.out.println(LargeBatch.accept(folder, url(sandbox), batch, "256m"));
            }
        }
    }

    private void round(String name, int delay) throws IOException {
        Path folder = Files.createDirectories(work.resolve(name + delay));
        try (Child sandbox = sandbox(folder, delay);
                BenchDatabase database = name.equals("H2") ? BenchDatabase.h2(folder) : BenchDatabase.postgres(folder);
                Round round = new Round(folder, database, url(sandbox), delay == 0 ? 32 : SLOW_IN_FLIGHT, orders)) {
            print(database.name(), delay, round.run(slices));
        }
        if (!Boolean.getBoolean("bench.keep")) {
            delete(folder);
        }
    }

    private static Child sandbox(Path folder, int delay) throws IOException {
        return Child.start(
                folder.resolve("sandbox.log"),
                List.of("-Xmx512m"),
                Map.of(),
                List.of(Waybill.class.getName(), "sandbox", "--delay-ms", Integer.toString(delay)));
    }

    private static String url(Child sandbox) throws IOException {
        return sandbox.lineWith("sandbox: running on ");
    }

    private static void print(String database, int delay, Map<String, Round.Result> results) {
        List<Round.Slice> waybill = results.get("waybill").slices();
        results.forEach((who, result) -> {
            line(database, delay, NAMES.get(who), result);
            if (result.slices() != waybill) {
                ratio(waybill, result.slices());
            }
            System.out.println();
        });
        System.out.println();
    }

    private static void line(String database, int delay, String who, Round.Result result) {
        List<Round.Slice> slices = result.slices();
        System.out.printf(
                Locale.ROOT,
                "%-10s %3d ms  %-12s %9.0f %7.2f %9.2f %9d %9d",
                database,
                delay,
                who,
                median(slices, Round.Slice::perSecond),
                median(slices, Round.Slice::cpu),
                median(slices, slice -> slice.cpu() + slice.databaseCpu()),
                slices.get(slices.size() - 1).heap() >> 20,
                result.resident());
    }

    private static void ratio(List<Round.Slice> waybill, List<Round.Slice> other) {
        List<Double> ratios = IntStream.range(0, waybill.size())
                .mapToObj(i -> waybill.get(i).perSecond() / other.get(i).perSecond())
                .sorted()
                .toList();
        System.out.printf(
                Locale.ROOT, "  %.2f (%.2f..%.2f)", median(ratios), ratios.get(0), ratios.get(ratios.size() - 1));
    }

    private static double median(List<Round.Slice> slices, ToDoubleFunction<Round.Slice> of) {
        return median(slices.stream().mapToDouble(of).boxed().toList());
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    private static Path base() throws IOException {
        String asked = System.getProperty("bench.work", "");
        if (!asked.isBlank()) {
            return Files.createDirectories(Path.of(asked));
        }
        // commits are worth what they cost on a real disk
        return Files.createDirectories(Path.of("target/bench").toAbsolutePath());
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            all.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
        }
    }
}
