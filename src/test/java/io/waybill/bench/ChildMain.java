package io.waybill.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * The child JVM of one contender; it obeys lines on its standard input.
 *
 * <ol>
 *   <li>{@code ship <folder> <orders>}: the clock starts, the files of the folder are renamed into the inbox, and the clock
 *       stops when all their orders are shipped.
 *   <li>{@code accept <file>}: the same with one file, until it has left the inbox, which is when its orders are durable.
 *   <li>The answer is {@code took <nanoseconds> <cpu nanoseconds> <peak heap bytes> <orders known>}.
 * </ol>
 */
public final class ChildMain {

    private static final AtomicLong HEAP = new AtomicLong();

    private ChildMain() {}

    /** Runs {@code waybill}, or {@code hand} or {@code mapped} with {@code <work> <carrier url>}. */
    public static void main(String[] arguments) throws Exception {
        watchHeap();
        try (Contender contender = contender(arguments);
                BufferedReader commands =
                        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            System.out.println("ready");
            for (String line = commands.readLine(); line != null; line = commands.readLine()) {
                obey(contender, line.split(" "));
            }
        }
        System.exit(0);
    }

    private static Contender contender(String[] arguments) throws IOException, SQLException {
        if (arguments[0].equals("waybill")) {
            return new WaybillContender();
        }
        KdniaoClient carrier = new KdniaoClient(arguments[2], HandWritten.THREADS);
        return new HandWritten(
                Path.of(arguments[1]), arguments[0].equals("mapped") ? new MappedClient(carrier) : carrier);
    }

    private static void obey(Contender contender, String[] command) throws Exception {
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        long cpu = system.getProcessCpuTime();
        long start = System.nanoTime();
        if (command[0].equals("ship")) {
            drop(Path.of(command[1]), contender.inbox());
            contender.ship(Integer.parseInt(command[2]));
        } else {
            Path file = contender.inbox().resolve("batch.json");
            Files.move(Path.of(command[1]), file);
            // twice, since a file on its way from one folder to another may be in neither when they are listed
            while (holdsFiles(contender.inbox()) || holdsFiles(contender.inbox())) {
                TimeUnit.MILLISECONDS.sleep(20);
            }
        }
        long took = System.nanoTime() - start;
        long spent = system.getProcessCpuTime() - cpu;
        System.out.println("took " + took + " " + spent + " " + HEAP.get() + " "
                + (command[0].equals("accept") ? contender.known() : 0));
    }

    /** Also one that is being read, which lies below the inbox meanwhile. */
    private static boolean holdsFiles(Path inbox) throws IOException {
        try (Stream<Path> all = Files.walk(inbox)) {
            return all.anyMatch(Files::isRegularFile);
        } catch (UncheckedIOException | NoSuchFileException moving) {
            return true;
        }
    }

    private static void drop(Path folder, Path inbox) throws IOException {
        List<Path> files;
        try (Stream<Path> list = Files.list(folder)) {
            files = list.toList();
        }
        for (Path file : files) {
            Files.move(file, inbox.resolve(file.getFileName()));
        }
    }

    /** What the heap holds, garbage included, looked at all the time. */
    private static void watchHeap() {
        Thread watch = new Thread(() -> {
            while (true) {
                HEAP.accumulateAndGet(
                        ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(), Math::max);
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
            }
        });
        watch.setDaemon(true);
        watch.start();
    }
}
