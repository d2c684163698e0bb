package io.waybill.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What Linux says about other processes; zero elsewhere. */
final class Processes {

    private static final Path PROC = Path.of("/proc");
    private static final double TICKS_PER_SECOND = 100;

    private Processes() {}

    /** The CPU seconds of a process, of its children and of those that have ended. */
    static double cpuSeconds(long pid) {
        try (Stream<Path> all = Files.list(PROC)) {
            return all.filter(each -> each.getFileName().toString().matches("[0-9]+"))
                    .mapToDouble(each -> ticks(each, pid) / TICKS_PER_SECOND)
                    .sum();
        } catch (IOException e) {
            return 0;
        }
    }

    /** The most resident memory of a process so far, in MB. */
    static long peakResidentMb(long pid) {
        try (Stream<String> lines = Files.lines(PROC.resolve(pid + "/status"))) {
            return lines.filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024)
                    .sum();
        } catch (IOException e) {
            return 0;
        }
    }

    private static double ticks(Path process, long pid) {
        try {
            String stat = Files.readString(process.resolve("stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            double own = Double.parseDouble(fields[11]) + Double.parseDouble(fields[12]);
            if (process.getFileName().toString().equals(Long.toString(pid))) {
                return own + Double.parseDouble(fields[13]) + Double.parseDouble(fields[14]);
            }
            return Long.parseLong(fields[1]) == pid ? own : 0;
        } catch (IOException gone) {
            return 0;
        }
    }
}
