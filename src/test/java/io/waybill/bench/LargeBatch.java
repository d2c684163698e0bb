package io.waybill.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** One file with very many orders, taken in by a Waybill with a small heap while it ships. */
record LargeBatch(int orders, long known, double seconds, long heapMb, long residentMb, String heap) {

    /** Drops a file with so many orders and waits until each of them is durable. */
    static LargeBatch accept(Path work, String carrier, int orders, String heap) throws IOException {
        return accept(work, carrier, orders, heap, "100000");
    }

    /** The same while it ships at this rate; what ships least leaves the most time to what is tested. */
    static LargeBatch accept(Path work, String carrier, int orders, String heap, String rate, String... jvm)
            throws IOException {
        List<String> options = new ArrayList<>(List.of("-Xmx" + heap));
        options.addAll(List.of(jvm));
        Path file = work.resolve("waybill/batch.json");
        SampleOrders.array(file, "B", orders);
        return told(work, carrier, orders, heap, rate, options, "accept " + file);
    }

    /** Drops a file with so many of the largest orders, and waits until the carrier has booked all of them. */
    static LargeBatch ship(Path work, String carrier, int orders, String heap, String... jvm) throws IOException {
        List<String> options = new ArrayList<>(List.of("-Xmx" + heap));
        options.addAll(List.of(jvm));
        Path folder = work.resolve("staged");
        SampleOrders.largeArray(folder.resolve("batch.json"), "B", orders);
        return told(work, carrier, orders, heap, "100000", options, "ship " + folder + " " + orders);
    }

    /** Waits until the carrier has booked so many orders that lie in the queue of this broker. */
    static LargeBatch receive(Path work, String carrier, String broker, int orders, String heap, String... jvm)
            throws IOException {
        List<String> options = new ArrayList<>(List.of("-Xmx" + heap, "-Dwaybill.broker.url=" + broker));
        options.addAll(List.of(jvm));
        Path none = Files.createDirectories(work.resolve("staged"));
        return told(work, carrier, orders, heap, "100000", options, "ship " + none + " " + orders);
    }

    private static LargeBatch told(
            Path work, String carrier, int orders, String heap, String rate, List<String> options, String command)
            throws IOException {
        try (BenchDatabase database = BenchDatabase.h2(work);
                Child waybill = Round.waybill(work, database, carrier, 32, rate, options)) {
            Child.Took took = waybill.tell(command);
            return new LargeBatch(
                    orders,
                    took.known(),
                    took.seconds(),
                    took.heap() >> 20,
                    Processes.peakResidentMb(waybill.pid()),
                    heap);
        }
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "one file of %d orders: %d durable after %.1f s (%.0f orders/s), heap at most %d MB with -Xmx%s, RSS %d MB",
                orders,
                known,
                seconds,
                known / seconds,
                heapMb,
                heap,
                residentMb);
    }
}
