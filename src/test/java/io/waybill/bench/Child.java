package io.waybill.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A JVM with the class path of this one, spoken to by lines; it ends with this object. */
final class Child implements AutoCloseable {

    private final Process process;
    private final BufferedReader out;

    /**
     * What a command took.
     *
     * @param heap the most heap that was used since the start, in bytes
     * @param known how many orders the contender knows
     */
    record Took(double seconds, double cpuSeconds, long heap, long known) {}

    private Child(Process process) {
        this.process = process;
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        this.out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Starts a main class; what it writes to its standard error goes to {@code log}. */
    static Child start(Path log, List<String> jvm, Map<String, String> properties, List<String> mainAndArguments)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvm);
        String more = System.getProperty("bench.jvm", "");
        if (!more.isBlank()) {
            command.addAll(List.of(more.replace("%log", log.toString()).split(" ")));
        }
        properties.forEach((name, value) -> command.add("-D" + name + "=" + value));
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(mainAndArguments);
        return new Child(new ProcessBuilder(command).redirectError(log.toFile()).start());
    }

    private String line() throws IOException {
        String line = out.readLine();
        if (line == null) {
            throw new IOException("a child of the benchmark ended; its log tells why");
        }
        return line;
    }

    /** The rest of the next line that begins so. */
    String lineWith(String start) throws IOException {
        String line = line();
        while (!line.startsWith(start)) {
            line = line();
        }
        return line.substring(start.length());
    }

    Took tell(String command) throws IOException {
        process.getOutputStream().write((command + "\n").getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
        String[] took = lineWith("took ").split(" ");
        return new Took(
                Long.parseLong(took[0]) / 1e9,
                Long.parseLong(took[1]) / 1e9,
                Long.parseLong(took[2]),
                Long.parseLong(took[3]));
    }

    long pid() {
        return process.pid();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
