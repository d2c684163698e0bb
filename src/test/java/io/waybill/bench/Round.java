package io.waybill.bench;

import io.waybill.sandbox.Account;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * All contenders on one database and one carrier, in slices that take turns: a b b a a b b a ...
 *
 * <ol>
 *   <li>Each contender is a JVM of its own with the same heap.
 *   <li>Order files are written before the clock starts; the clock starts when the first of them is dropped.
 *   <li>The first slices warm up and do not count; every following pair of neighbours gives one ratio.
 * </ol>
 */
final class Round implements AutoCloseable {

    /** A JVM compiles for a long time: the engine is still getting faster after some ten thousand orders. */
    private static final int WARM_UP = Integer.getInteger("bench.warm-up", 6);

    /** As {@code bin/waybill} has it; for both. */
    private static final List<String> JVM = List.of("-XX:+UseParallelGC", "-XX:+UseTransparentHugePages");

    private final Path work;
    private final BenchDatabase database;
    private final int orders;
    private final Map<String, Child> children = new LinkedHashMap<>();
    private int from;

    /**
     * One slice of one contender.
     *
     * @param cpu of the contender, CPU milliseconds an order
     * @param databaseCpu of the database's own processes
     */
    record Slice(double perSecond, double cpu, double databaseCpu, long heap) {}

    /** What a round gave of one contender. */
    record Result(List<Slice> slices, long resident) {}

    Round(Path work, BenchDatabase database, String carrier, int inFlight, int orders) throws IOException {
        this.work = work;
        this.database = database;
        this.orders = orders;
        children.put("waybill", waybill(work, database, carrier, inFlight, "256m"));
        children.put("hand", loop("hand", work, database, carrier));
        if (Boolean.getBoolean("bench.mapped")) {
            children.put("mapped", loop("mapped", work, database, carrier));
        }
    }

    /** Warms up, then measures so many slices of each. */
    Map<String, Result> run(int slices) throws IOException {
        List<String> turn = new ArrayList<>(children.keySet());
        Map<String, List<Slice>> measured = new HashMap<>();
        for (int i = 0; i < WARM_UP + slices; i++) {
            for (String who : turn) {
                Slice slice = slice(who);
                if (i >= WARM_UP) {
                    measured.computeIfAbsent(who, none -> new ArrayList<>()).add(slice);
                }
            }
            Collections.reverse(turn);
        }
        Map<String, Result> results = new LinkedHashMap<>();
        for (String who : children.keySet()) {
            results.put(
                    who,
                    new Result(
                            measured.get(who),
                            Processes.peakResidentMb(children.get(who).pid())));
        }
        return results;
    }

    private Slice slice(String who) throws IOException {
        Path staged = work.resolve(who).resolve("staged");
        SampleOrders.files(staged, database.name().charAt(0) + who.substring(0, 1), from, orders);
        from += orders;
        double before = database.cpuSeconds();
        Child.Took took = children.get(who).tell("ship " + staged + " " + orders);
        return new Slice(
                orders / took.seconds(),
                1000 * took.cpuSeconds() / orders,
                1000 * (database.cpuSeconds() - before) / orders,
                took.heap());
    }

    @Override
    public void close() {
        for (Child child : children.values()) {
            child.close();
        }
    }

    /** A child with Waybill in the folder {@code waybill} below the work folder. */
    static Child waybill(Path work, BenchDatabase database, String carrier, int inFlight, String heap)
            throws IOException {
        String unbounded = "100000";
        return waybill(work, database, carrier, inFlight, unbounded, jvm(heap));
    }

    /** The same at a rate of so many orders a second, on a JVM with these options. */
    static Child waybill(Path work, BenchDatabase database, String carrier, int inFlight, String rate, List<String> jvm)
            throws IOException {
        Path own = Files.createDirectories(work.resolve("waybill"));
        Map<String, String> settings = new HashMap<>();
        settings.put("waybill.work", own.toString());
        settings.put("waybill.db.url", database.url("waybill"));
        settings.put("waybill.db.user", "postgres");
        settings.put("waybill.management.enabled", "false");
        // files are renamed into the inbox, so they are complete at once
        settings.put("waybill.intake.settle-ms", "0");
        settings.put("waybill.carrier.kdniao.url", carrier);
        settings.put("waybill.carrier.kdniao.concurrency", Integer.toString(inFlight));
        settings.put("waybill.carrier.kdniao.rate", rate);
        settings.put("waybill.account.default.kdniao.ebusiness-id", Account.KDNIAO_EBUSINESS_ID);
        settings.put("waybill.account.default.kdniao.api-key", Account.KDNIAO_API_KEY);
        return ready(Child.start(own.resolve("log"), jvm, settings, List.of(ChildMain.class.getName(), "waybill")));
    }

    private static Child loop(String who, Path work, BenchDatabase database, String carrier) throws IOException {
        Path own = Files.createDirectories(work.resolve(who));
        Map<String, String> settings = Map.of("bench.db.url", database.url(who), "bench.db.user", "postgres");
        List<String> main = List.of(ChildMain.class.getName(), who, own.toString(), carrier);
        return ready(Child.start(own.resolve("log"), jvm("256m"), settings, main));
    }

    private static List<String> jvm(String heap) {
        return Stream.concat(Stream.of("-Xmx" + heap), JVM.stream()).toList();
    }

    private static Child ready(Child child) throws IOException {
        child.lineWith("ready");
        return child;
    }
}
