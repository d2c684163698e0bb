package io.waybill.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import io.waybill.access.UsersFile;
import io.waybill.sandbox.Sandbox;
import io.waybill.sandbox.SandboxOptions;
import io.waybill.testing.Orders;
import io.waybill.testing.QuickUsers;
import io.waybill.testing.RunningWaybill;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConsoleTest {

    private static final String ANN = "ann's password";
    private static final String VERA = "only looking";

    @TempDir
    static Path work;

    private static final Map<String, Visit> STAYING = new HashMap<>();

    private static Chromium chromium;
    private static Sandbox sandbox;
    private static RunningWaybill waybill;
    private static UsersFile users;

    private Visit visit;

    @BeforeAll
    static void start() {
        chromium = Chromium.start();
        PlaywrightAssertions.setDefaultAssertionTimeout(RunningWaybill.PATIENCE.toMillis());
        sandbox = Sandbox.start(SandboxOptions.onAnyPort());
        waybill = RunningWaybill.on(work).carriers(sandbox).managed().start();
        Path file = work.resolve("conf/users.properties");
        users = new UsersFile(file);
        QuickUsers.add(file, "ann", "operator", ANN);
        QuickUsers.add(file, "vera", "viewer", VERA);
        QuickUsers.add(file, "otto", "viewer", "the first password");
        waybill.drop("C-1.json", Orders.malaysian("C-1"));
        waybill.await("C-1", "completed");
    }

    @AfterAll
    static void stop() {
        if (waybill != null) {
            waybill.close();
            sandbox.close();
        }
        if (chromium != null) {
            chromium.close();
        }
    }

    @AfterEach
    void nothingWasAskedOfAnotherHost() {
        assertThat(visit.askedElsewhere()).isEmpty();
        if (!STAYING.containsValue(visit)) {
            visit.close();
        }
    }

    private Visit stranger() {
        visit = new Visit(chromium.browser, waybill.engine().managementPort());
        return visit;
    }

    /** Somebody who logs in for the first test that wants him, and stays: the console is a lot to load. */
    private Visit as(String user, String password) {
        visit = STAYING.computeIfAbsent(user, name -> stranger().logIn(user, password));
        return visit;
    }

    @Test
    void aWrongPasswordIsToldAndTheRightOneOpensTheContexts() {
        stranger().picture("login").logIn("ann", "wrong");
        assertThat(visit.page.getByRole(AriaRole.ALERT)).hasText("wrong user or password");

        visit.picture("login-refused").logIn("ann", ANN);

        assertThat(visit.row("waybill")).containsText("Started");
        assertThat(visit.page.locator("header")).containsText("ann");
        visit.picture("contexts");
    }

    @Test
    void routesAreSeenDrawnReadAndTraced() {
        as("vera", VERA).camel("routes");
        assertThat(visit.row("label")).containsText("Started");
        visit.picture("routes").camel("endpoints").sees("direct://book");
        visit.picture("endpoints").camel("routes").tab("exchanges").sees("Exchanges");
        visit.picture("exchanges").camel("book").tab("routeDiagram").sees("Idempotent Consum");
        visit.picture("diagram").tab("source").sees("id=\"once-book\"");
        visit.picture("source");
    }

    @Test
    void aTraceShowsTheStepsAndNothingThatIsInTheMessages() {
        as("ann", ANN).because("").camel("book").tab("trace");
        button("Start Tracing").click();
        visit.page.waitForCondition(() -> visit.told().contains("a reason is needed"));
        assertThat(button("Start Tracing")).isVisible();
        assertThat(switches()).isEmpty();
        visit.because("where do they wait?");
        button("Start Tracing").click();
        assertThat(button("Stop Tracing")).isVisible();

        Locator step = visit.row("map-request").first();
        AtomicInteger number = new AtomicInteger(1);
        // the console draws what it was told with the next change of the counts; its page is of one thread
        Awaitility.await()
                .atMost(RunningWaybill.PATIENCE)
                .pollInterval(Duration.ofSeconds(2))
                .pollInSameThread()
                .until(() -> {
                    String order = "C-2-" + number.getAndIncrement();
                    waybill.drop(order + ".json", Orders.malaysian(order));
                    waybill.await(order, "completed");
                    return step.isVisible();
                });
        visit.picture("trace");
        step.locator("button").click();
        visit.page.locator("#msg-panel-tab-body").click();
        visit.sees("***").picture("trace-body");
        assertThat(visit.main().innerText()).doesNotContain("C-2").doesNotContain("Kuala");
        visit.because("seen");
        button("Stop Tracing").click();
        assertThat(button("Start Tracing")).isVisible();
        // the button is faster than the box that asks why, which only this thread answers
        visit.page.waitForCondition(() -> switches().size() == 2);
        assertThat(switches())
                .extracting(row -> row.get("what") + " by " + row.get("actor") + ": " + row.get("reason"))
                .containsExactly("trace-on by ann: where do they wait?", "trace-off by ann: seen");
        visit.because("");
    }

    private static List<Map<String, Object>> switches() {
        return waybill.query("select what, actor, reason from route_history where route = '*' order by at");
    }

    @Test
    void anOperatorStopsAndStartsARoute() {
        as("ann", ANN).camel("routes");

        visit.row("sweep").getByRole(AriaRole.CHECKBOX).check();
        button("Stop").click();
        assertThat(visit.page.locator(".pf-v5-c-alert").first()).containsText("a reason is needed");
        visit.picture("route-without-reason");
        assertThat(visit.row("sweep")).containsText("Started");

        visit.because("the disk is changed");
        button("Stop").click();
        assertThat(visit.row("sweep")).containsText("Stopped");
        visit.picture("route-stopped");
        visit.row("sweep").getByRole(AriaRole.CHECKBOX).setChecked(true);
        visit.because("it is changed");
        button("Start").click();

        assertThat(visit.row("sweep")).containsText("Started");
        assertThat(waybill.query("select what, actor, reason from route_history where route = 'sweep' order by at"))
                .extracting(row -> row.get("what") + " by " + row.get("actor") + ": " + row.get("reason"))
                .containsExactly("stop by ann: the disk is changed", "start by ann: it is changed");
    }

    @Test
    void anOperatorAsksAndDecidesAndTheHistoryHasHisName() {
        as("ann", ANN).operations("Operations");

        assertThat(visit.call("trace", "default", "C-1", "0")).containsText("book-sent");
        visit.picture("operation-trace");
        assertThat(visit.call("pause", "kdniao", " ")).containsText("a reason is needed");
        visit.operations("Operations");
        assertThat(visit.call("pause", "kdniao", "stock-taking")).containsText("by ann, until somebody resumes it");
        visit.picture("operation-pause").operations("Operations");
        assertThat(visit.call("resume", "kdniao", "done")).containsText("carrier kdniao works");

        assertThat(waybill.query("select actor, reason from carrier_history where carrier = 'kdniao' order by at"))
                .extracting(row -> row.get("actor") + ": " + row.get("reason"))
                .containsExactly("ann: stock-taking", "ann: done");
    }

    @Test
    void aViewerLooksAndIsRefusedWhatChangesSomething() {
        as("vera", VERA).operations("Operations");

        assertThat(visit.call("trace", "default", "C-1", "0")).containsText("book-sent");
        assertThat(visit.call("pause", "mabang", "because")).containsText("forbidden");
        visit.picture("viewer-refused").because("because").camel("routes");
        visit.row("take-over").getByRole(AriaRole.CHECKBOX).check();
        button("Stop").click();

        assertThat(visit.page.locator(".pf-v5-c-alert").first()).isVisible();
        visit.picture("viewer-refused-route");
        assertThat(visit.row("take-over")).containsText("Started");
        assertThat(waybill.query("select * from route_history where route = 'take-over'"))
                .isEmpty();
        assertThat(waybill.query("select * from carrier_history where carrier = 'mabang'"))
                .isEmpty();
    }

    @Test
    void aLogoutAndAnotherPasswordEndTheSession() {
        stranger().logIn("otto", "the first password").sees("waybill");

        visit.page.locator("header").getByText("otto").click();
        visit.page.getByText("Log out").click();
        assertThat(visit.page.locator("#password")).isVisible();
        visit.page.goBack();
        visit.page.reload();
        assertThat(visit.page.locator("#password")).isVisible();

        visit.logIn("otto", "the first password").sees("waybill");
        users.change("otto", Optional.empty(), "the second password");
        visit.page.reload();

        assertThat(visit.page.locator("#password")).isVisible();
    }

    private Locator button(String name) {
        return visit.main()
                .getByRole(
                        AriaRole.BUTTON,
                        new Locator.GetByRoleOptions().setName(name).setExact(true));
    }
}
