package io.waybill.nodes;

import io.waybill.testing.Installation;
import io.waybill.testing.RunningWaybill;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** A Waybill as it is run, in a process of its own. */
final class NodeProcess implements AutoCloseable {

    private final String name;
    private final Process process;
    private final Path log;

    private NodeProcess(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    }

    /** Starts a node; it may not be up yet. */
    static NodeProcess start(String name, Path log, Map<String, String> settings) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("run", "-Dwaybill.node=" + name));
        settings.forEach((setting, value) -> arguments.add("-D" + setting + "=" + value));
        Process process = Installation.get()
                .waybill(List.of(), arguments)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        return new NodeProcess(name, process, log);
    }

    NodeProcess up() {
        Awaitility.await("node " + name + " to be up, see " + log)
                .atMost(RunningWaybill.PATIENCE)
                .failFast("node " + name + " ended: " + log, () -> !process.isAlive())
                .until(() -> Files.readString(log).contains("waybill: running"));
        return this;
    }

    String name() {
        return name;
    }

    boolean alive() {
        return process.isAlive();
    }

    /** kill -9. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** The process stands still, at whatever instruction it is. */
    void freeze() throws IOException, InterruptedException {
        signal("STOP");
    }

    /** It goes on as if nothing had happened. */
    void thaw() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String signal) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start();
        if (kill.waitFor() != 0) {
            throw new IllegalStateException("kill -" + signal + " of node " + name + " failed");
        }
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
