package io.waybill.cli;

import io.waybill.engine.EmbeddedBroker;
import io.waybill.engine.Engine;
import io.waybill.sandbox.Sandbox;
import io.waybill.sandbox.SandboxOptions;
import io.waybill.settings.Settings;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code waybill demo}: the whole of Waybill with simulated carriers, and a dozen orders on their way. */
@Command(
        name = "demo",
        description = "Shows Waybill at work: simulated carriers, an embedded broker and database, a dozen orders.",
        footer = {"", "Examples:", "  waybill demo", "  waybill demo --exit"})
final class DemoCommand implements Callable<Integer> {

    private static final long PATIENCE_SECONDS = 60;
    private static final List<String> QUEUES = List.of("waybill.orders", "waybill.shipments");

    @ParentCommand
    private Waybill waybill;

    @Option(names = "--exit", description = "leave when all orders have settled; 0 only if each ended as it should")
    private boolean exit;

    @Override
    public Integer call() throws Exception {
        System.setProperty(Waybill.LOG_LEVEL, System.getProperty(Waybill.LOG_LEVEL, "WARN"));
        refuseReal(waybill.settings());
        DemoOrders orders = new DemoOrders(LocalTime.now().format(DateTimeFormatter.ofPattern("HHmmss")));
        DemoLines lines = new DemoLines(orders.ends());
        try (Sandbox carriers = Sandbox.start(SandboxOptions.onAnyPort());
                EmbeddedBroker broker =
                        EmbeddedBroker.start(waybill.settings().work().resolve("demo-broker"), QUEUES)) {
            Settings settings = waybill.settings(defaults(carriers, broker));
            try (Engine engine = Engine.start(settings, lines)) {
                System.out.println("waybill: " + orders.ends().size() + " sample orders through folder and queue, "
                        + "three simulated carriers");
                orders.drop(settings);
                boolean settled = lines.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
                return exit ? end(lines, settled, engine, settings) : stay(engine, settings);
            }
        }
    }

    /** Sample orders never reach a carrier, a queue or a ledger that somebody works with. */
    private static void refuseReal(Settings settings) {
        String own = settings.shipped().get("waybill.db.url").replace("{{waybill.work}}", settings.get("waybill.work"));
        settings.below("waybill.").forEach((name, value) -> {
            boolean reaches = name.matches("carrier\\..*url|broker\\.url") && !value.isEmpty();
            if (reaches
                    || name.equals("db.url") && !settings.get("waybill.db.url").equals(own)) {
                throw new IllegalStateException("the demo ships its sample orders at simulated carriers only, and "
                        + settings.place("waybill." + name) + " sets 'waybill." + name
                        + "'; unpack Waybill into another folder to see it. Nothing was sent");
            }
        });
    }

    private static int end(DemoLines lines, boolean settled, Engine engine, Settings settings) {
        Welcome.password(settings, engine);
        return end(lines, settled);
    }

    /** The exit code: 0 only if each order ended as it should. */
    static int end(DemoLines lines, boolean settled) {
        if (!settled) {
            System.out.println("waybill: not settled after " + PATIENCE_SECONDS + " s: " + lines.open());
        }
        lines.surprises().forEach(surprise -> System.out.println("waybill: " + surprise));
        return settled && lines.surprises().isEmpty() ? 0 : 1;
    }

    private static int stay(Engine engine, Settings settings) throws Exception {
        System.out.println("waybill: drop your own orders into " + settings.get("waybill.inbox"));
        System.out.println("waybill: answers come to " + settings.get("waybill.outbox"));
        Welcome.console(settings, engine);
        System.out.println("waybill: stop with Ctrl-C");
        engine.await();
        return 0;
    }

    /** What makes it a demo; what reaches nobody can still be overridden. */
    private static Map<String, String> defaults(Sandbox sandbox, EmbeddedBroker broker) {
        Map<String, String> defaults =
                new TreeMap<>(SandboxCommand.settings(sandbox.uri().toString().replaceAll("/+$", "")));
        defaults.put("waybill.broker.url", broker.url());
        for (String service : new String[] {"sf", "yto", "zto", "ems"}) {
            defaults.put(
                    "waybill.account.default.kdniao.tariff." + service,
                    "4.50 CNY for 1000 g, then 1.20 for each 1000 g");
        }
        defaults.put(
                "waybill.account.default.mabang.tariff.standard", "38.00 PHP for 500 g, then 12.00 for each 500 g");
        defaults.put(
                "waybill.account.default.birdsystem.tariff.standard", "2.85 GBP for 1000 g, then 0.95 for each 1000 g");
        return defaults;
    }
}
