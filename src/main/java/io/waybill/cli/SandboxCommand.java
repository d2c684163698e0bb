package io.waybill.cli;

import io.waybill.sandbox.Account;
import io.waybill.sandbox.Sandbox;
import io.waybill.sandbox.SandboxOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code waybill sandbox}: the simulated carriers alone. */
@Command(
        name = "sandbox",
        description = "Starts only the simulated carriers, on loopback.",
        footer = {
            "",
            "Examples:",
            "  waybill sandbox --port 9000",
            "  waybill sandbox --port 9000 --delay-ms 50",
            "  curl -d '[{\"carrier\": \"kdniao\", \"commit\": true, \"kind\": \"drop\"}]' localhost:9000/sandbox/faults",
            "    books the next order for kdniao and closes the connection without an answer"
        })
final class SandboxCommand implements Callable<Integer> {

    private static final int LAST_PORT = 65_535;

    @Option(names = "--port", defaultValue = "0", description = "port to listen on, 0 picks a free one")
    private int port;

    @Option(names = "--delay-ms", defaultValue = "0", description = "how long each carrier thinks before it answers")
    private long delay;

    @Option(names = "--ledger", description = "file that keeps what the carriers booked, so that a restart knows it")
    private Path ledger;

    @Option(
            names = "--path",
            paramLabel = "WHAT=PATH",
            description =
                    "where the simulated carriers serve what nobody publishes: mabang.query=/apicenter/..., mabang.cancel="
                            + ", mabang.label=, kdniao.info=/api/..., kdniao.state=; not at all if not given")
    private Map<String, String> paths = new TreeMap<>();

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() throws InterruptedException {
        if (port < 0 || port > LAST_PORT) {
            throw new ParameterException(command.commandLine(), "--port: expected 0 to 65535, was " + port);
        }
        for (String what : paths.keySet()) {
            if (!SandboxOptions.UNPUBLISHED.contains(what)) {
                throw new ParameterException(
                        command.commandLine(),
                        "--path: expected one of " + String.join(", ", SandboxOptions.UNPUBLISHED) + ", was '" + what
                                + "'");
            }
        }
        SandboxOptions options = SandboxOptions.onAnyPort().withPort(port).withDelay(Duration.ofMillis(delay));
        for (Map.Entry<String, String> path : paths.entrySet()) {
            options = options.withPath(path.getKey(), path.getValue());
        }
        try (Sandbox sandbox = Sandbox.start(ledger == null ? options : options.withLedger(ledger))) {
            String url = sandbox.uri().toString().replaceAll("/+$", "");
            System.out.println("sandbox: running on " + url);
            settings(url).forEach((name, value) -> System.out.println(name + " = " + value));
            paths.forEach((what, path) -> System.out.println("waybill.carrier." + what + "-path = " + path));
            System.out.flush();
            new CountDownLatch(1).await();
        }
        return 0;
    }

    /** The settings with which Waybill reaches simulated carriers. */
    static Map<String, String> settings(String url) {
        Map<String, String> settings = new TreeMap<>();
        settings.put("waybill.carrier.birdsystem.url", url + "/client");
        settings.put("waybill.carrier.birdsystem.tracking-url", url);
        settings.put("waybill.carrier.mabang.url", url);
        settings.put("waybill.carrier.kdniao.url", url);
        settings.put("waybill.account.default.birdsystem.api-key", Account.BIRDSYSTEM_API_KEY);
        settings.put("waybill.account.default.birdsystem.company-id", Account.BIRDSYSTEM_COMPANY_ID);
        settings.put("waybill.account.default.mabang.token", Account.MABANG_TOKEN);
        settings.put("waybill.account.default.mabang.centre-code", Account.MABANG_CENTRE_CODE);
        settings.put("waybill.account.default.mabang.client-code", Account.MABANG_CLIENT_CODE);
        settings.put("waybill.account.default.mabang.client-type", "2");
        settings.put("waybill.account.default.kdniao.ebusiness-id", Account.KDNIAO_EBUSINESS_ID);
        settings.put("waybill.account.default.kdniao.api-key", Account.KDNIAO_API_KEY);
        return settings;
    }
}
