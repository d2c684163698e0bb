package io.waybill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.waybill.sandbox.Sandbox;
import io.waybill.sandbox.SandboxOptions;
import io.waybill.testing.Orders;
import io.waybill.testing.PostgresProcess;
import io.waybill.testing.RunningWaybill;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import javax.management.JMException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Everything that a person may ask for, while a real PostgreSQL is stopped: one sentence that says so, and nothing of it. */
class DatabaseStoppedTest {

    private static final MBeanServer BEANS = ManagementFactory.getPlatformMBeanServer();
    private static final List<String> COMMANDS = List.of(
            "status",
            "status --waiting",
            "trace A-1",
            "dead",
            "dead --cause rejected",
            "dead --dismiss A-1 --reason why",
            "dead --dismiss-letter 0123456789ab --reason why",
            "replay A-1 --reason why",
            "replay A-1 --dry-run",
            "replay --cause rejected --reason why",
            "replay --cause rejected --dry-run",
            "replay --push 0123456789ab --reason why",
            "resolve --list",
            "resolve A-1 --rebook --reason why",
            "resolve A-1 --adopt X --reason why",
            "resolve A-1 --abandon --reason why",
            "cancel A-1 --reason why",
            "cancel A-1 --confirmed --reason why",
            "pause mabang --reason why",
            "resume mabang --reason why",
            "report --from 2026-01-01",
            "reconcile",
            "audit",
            "route list",
            "route stop inbox --reason why",
            "route trace on --reason why");

    /** What needs no database, or knows it from before. */
    private static final Set<String> WITHOUT = Set.of(
            "OldestWaitingSeconds",
            "OldestInDoubtSeconds",
            "DeadLetters",
            "State",
            "Since",
            "Reason",
            "By",
            "NextProbe",
            "InFlight",
            "Outcomes",
            "Latency",
            "CallsLastMinute",
            "reloadMappings");

    /** No route is stopped here, which is known without the database too. */
    private static final Map<String, String> ELSE =
            Map.of("startRoute", "route inbox: it is started; nothing was changed");

    @TempDir
    static Path temp;

    private static PostgresProcess postgres;
    private static Sandbox sandbox;
    private static RunningWaybill waybill;
    private static final Map<String, String> SAID = new ConcurrentHashMap<>();

    @BeforeAll
    static void askForEverything() throws Exception {
        postgres = PostgresProcess.start(temp.resolve("postgres"));
        sandbox = Sandbox.start(SandboxOptions.onAnyPort());
        waybill = RunningWaybill.on(temp.resolve("work"))
                .carriers(sandbox)
                .managed()
                .with("waybill.db.url", postgres.url(postgres.port()))
                .with("waybill.db.user", "postgres")
                .start();
        waybill.drop("A-1.json", Orders.malaysian("A-1"));
        waybill.await("A-1", "completed");
        // so long each of them waits for a connection
        waybill.engine()
                .main()
                .getCamelContext()
                .getRegistry()
                .lookupByNameAndType("ledgerDb", HikariDataSource.class)
                .setConnectionTimeout(500);
        postgres.stop();
        ExecutorService people = Executors.newCachedThreadPool();
        try {
            people.invokeAll(asked());
        } finally {
            people.shutdown();
        }
    }

    @AfterAll
    static void startAgain() {
        postgres.start();
        waybill.close();
        sandbox.close();
        postgres.close();
    }

    @ParameterizedTest
    @MethodSource("names")
    void oneSentenceSaysThatTheDatabaseIsAway(String name) {
        String last = name.replaceFirst(".* ", "");
        if (WITHOUT.contains(last)) {
            assertThat(SAID.get(name)).isEqualTo("done");
        } else if (ELSE.containsKey(last)) {
            assertThat(SAID.get(name)).isEqualTo(ELSE.get(last));
        } else {
            assertThat(SAID.get(name).strip().lines()).hasSize(1);
            assertThat(SAID.get(name))
                    .contains("ledger", "; nothing tries it again: when the database answers, ")
                    .doesNotContain("; it is tried again", "Exception", "jdbc", "postgres", "127.0.0.1", "\tat ");
        }
    }

    static Stream<String> names() {
        return new TreeMap<>(SAID).keySet().stream();
    }

    private static List<Callable<String>> asked() throws JMException {
        List<Callable<String>> asked = new ArrayList<>();
        COMMANDS.forEach(command -> asked.add(() -> SAID.put("waybill " + command, spoken(command))));
        for (String each : List.of("Operations", "Carrier,name=mabang")) {
            ObjectName bean = new ObjectName("io.waybill:type=" + each);
            for (MBeanOperationInfo operation : BEANS.getMBeanInfo(bean).getOperations()) {
                asked.add(() -> SAID.put(each + " " + operation.getName(), invoked(bean, operation)));
            }
            for (MBeanAttributeInfo attribute : BEANS.getMBeanInfo(bean).getAttributes()) {
                asked.add(() -> SAID.put(
                        each + " " + attribute.getName(), told(() -> BEANS.getAttribute(bean, attribute.getName()))));
            }
        }
        return asked;
    }

    private static String spoken(String command) {
        List<String> words = new ArrayList<>(Arrays.asList(command.split(" ")));
        words.add("-Dwaybill.work=" + temp.resolve("work"));
        words.add("-Dwaybill.management.port=" + waybill.engine().managementPort());
        StringWriter errors = new StringWriter();
        int code = Waybill.execute(new PrintWriter(errors, true), words.toArray(String[]::new));
        return code == 1 ? errors.toString() : "left with " + code + ": " + errors;
    }

    private static String invoked(ObjectName bean, MBeanOperationInfo operation) {
        Object[] arguments = Arrays.stream(operation.getSignature())
                .map(parameter -> argument(parameter.getName(), parameter.getType()))
                .toArray();
        String[] types = Arrays.stream(operation.getSignature())
                .map(parameter -> parameter.getType())
                .toArray(String[]::new);
        return told(() -> BEANS.invoke(bean, operation.getName(), arguments, types));
    }

    private static Object argument(String name, String type) {
        return switch (type) {
            case "int" -> 0;
            case "boolean" -> true;
            default -> Map.of(
                            "account", "default",
                            "orderId", "A-1",
                            "cause", "rejected",
                            "decision", "rebook",
                            "letter", "0123456789ab",
                            "id", "0123456789ab",
                            "from", "2026-01-01T00:00:00Z",
                            "to", "2026-02-01T00:00:00Z",
                            "carrier", "mabang",
                            "route", "inbox")
                    .getOrDefault(name, "why");
        };
    }

    /** What arrives at a JMX client, which knows no class of ours. */
    private static String told(Callable<Object> work) {
        try {
            work.call();
            return "done";
        } catch (Exception e) {
            Throwable last = e;
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                assertThat(cause.getClass().getName()).startsWith("java");
                last = cause;
            }
            return last.getMessage();
        }
    }
}
