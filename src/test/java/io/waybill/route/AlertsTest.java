package io.waybill.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.GreenMailUtil;
import com.icegreen.greenmail.util.ServerSetup;
import com.sun.net.httpserver.HttpServer;
import io.waybill.order.OrderKey;
import io.waybill.sandbox.Fault;
import io.waybill.sandbox.Reply;
import io.waybill.sandbox.Sandbox;
import io.waybill.sandbox.SandboxOptions;
import io.waybill.testing.HeldPort;
import io.waybill.testing.Orders;
import io.waybill.testing.Patience;
import io.waybill.testing.RunningWaybill;
import jakarta.mail.internet.MimeMessage;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.management.ObjectName;
import javax.management.RuntimeMBeanException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Alerts reach a real mail server and a real web hook, once, and name nobody. */
class AlertsTest {

    private static final String SECRET = "whsec_" + Base64.getEncoder().encodeToString("a shared secret".getBytes());

    private record Posted(String id, String timestamp, String signature, String body) {

        JsonNode json() {
            return Orders.json(body);
        }
    }

    @TempDir
    Path temp;

    private final List<Posted> posted = new CopyOnWriteArrayList<>();
    private Sandbox sandbox;
    private HttpServer hook;
    private GreenMail mail;
    private HeldPort mailPort;

    @BeforeEach
    void start() throws Exception {
        sandbox = Sandbox.start(SandboxOptions.onAnyPort());
        hook = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        hook.createContext("/alerts", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            posted.add(new Posted(
                    exchange.getRequestHeaders().getFirst("webhook-id"),
                    exchange.getRequestHeaders().getFirst("webhook-timestamp"),
                    exchange.getRequestHeaders().getFirst("webhook-signature"),
                    body));
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        hook.start();
        mailPort = HeldPort.any();
        ServerSetup smtp = new ServerSetup(mailPort.number(), "127.0.0.1", ServerSetup.PROTOCOL_SMTP);
        smtp.setServerStartupTimeout(Patience.MILLIS);
        mail = new GreenMail(smtp);
        mail.setUser("ops@example.com", "waybill", "mail-password");
    }

    @AfterEach
    void stop() {
        mail.stop();
        mailPort.close();
        hook.stop(0);
        sandbox.close();
    }

    @Test
    void anOrderInDoubtIsToldOnceOverRestartsAndItsRecoveryToo() throws Exception {
        mail.start();
        sandbox.script(Fault.at("mabang").reference("A-1").afterCommit(Reply.drop()));
        try (RunningWaybill waybill = waybill()) {
            waybill.drop("A-1.json", Orders.malaysian("A-1"));
            waybill.await("A-1", "in-doubt");
            waybill.update("update history set at = at - interval '2' hour where order_id = 'A-1'");
            awaitMails(1);
            awaitPosts(1);
            awaitAllTold(waybill);
        }
        try (RunningWaybill waybill = waybill()) {
            pauseAndResume(waybill);
            assertThat(kinds()).containsExactly("in-doubt raised", "carrier-paused raised", "carrier-paused recovered");
            abandon(waybill, "A-1");
            awaitMails(4);
            awaitPosts(4);
            awaitAllTold(waybill);
        }

        assertThat(kinds()).last().isEqualTo("in-doubt recovered");
        MimeMessage first = mail.getReceivedMessages()[0];
        assertThat(first.getSubject()).isEqualTo("Waybill waybill: alert: 1 order in doubt for more than 60 minutes");
        assertThat(first.getAllRecipients()[0]).hasToString("ops@example.com");
        assertThat(GreenMailUtil.getBody(first)).contains("default:A-1").doesNotContain("Aisyah", "Jalan", "6012");
        assertThat(posted).allSatisfy(AlertsTest::isSigned);
        assertThat(posted.get(0).json().at("/subjects/0").asText()).isEqualTo("default:A-1");
        assertThat(posted).extracting(Posted::id).doesNotHaveDuplicates();
        assertThat(posted).noneMatch(post -> post.body().contains("Aisyah"));
    }

    @Test
    void aNoticeWaitsForAMailServerThatIsDown() throws Exception {
        try (RunningWaybill waybill = waybill()) {
            waybill.engine().ledger().pauses().pauseByHand("kdniao", "somebody", "the reason names Aisyah");
            awaitPosts(1);
            Awaitility.await()
                    .atMost(RunningWaybill.PATIENCE)
                    .until(() ->
                            waybill.query("select channel from alert_notice").size() == 1);

            mail.start();
            waybill.update("update alert_notice set taken_until = null");
            awaitMails(1);
            awaitAllTold(waybill);
        }

        assertThat(mail.getReceivedMessages()[0].getSubject()).endsWith("alert: paused: kdniao");
        assertThat(GreenMailUtil.getBody(mail.getReceivedMessages()[0])).doesNotContain("Aisyah");
        assertThat(posted).hasSize(1);
    }

    @Test
    void whatTheCarrierOwesAndACancellationInDoubtAreToldUntilTheyAreOver() {
        sandbox.script(Fault.at("kdniao").reference("O-2").calls(1, 1).afterCommit(Reply.drop()));
        try (RunningWaybill waybill = waybill()) {
            waybill.drop("O-1.json", Orders.british("O-1"));
            waybill.drop("O-2.json", Orders.chinese("O-2"));
            waybill.await("O-1", "awaiting");
            waybill.await("O-2", "completed");

            waybill.update(
                    "update follow_up set deadline_at = deadline_at - interval '90' day where awaits is not null");
            awaitPosts(1);
            waybill.update(
                    "update follow_up set deadline_at = deadline_at + interval '90' day where awaits is not null");
            awaitPosts(2);
            operate("cancel", "O-2");
            Awaitility.await()
                    .atMost(RunningWaybill.PATIENCE)
                    .until(() -> waybill.query("select 1 from follow_up where state = 'in-doubt'")
                                    .size()
                            == 1);
            waybill.update("update follow_up set since = since - interval '2' hour where state = 'in-doubt'");
            waybill.update("update history set at = at - interval '2' hour where what = 'cancel-in-doubt'");
            awaitPosts(3);
            operate("settleCancel", "O-2", false);
            awaitPosts(4);
        }

        assertThat(kinds())
                .containsExactly(
                        "overdue raised", "overdue recovered", "cancel-in-doubt raised", "cancel-in-doubt recovered");
        assertThat(posted)
                .extracting(post -> post.json().at("/subjects/0").asText())
                .containsExactly("default:O-1", "default:O-1", "default:O-2", "default:O-2");
        assertThat(posted.get(2).json().path("headline").asText())
                .isEqualTo("alert: 1 cancellation in doubt for more than 60 minutes");
    }

    /** As a person does; an order that is worked on at this very moment is tried again. */
    private static void operate(String operation, String id, Object... more) {
        List<Object> values = new ArrayList<>(List.of("default", id, 0));
        values.addAll(Arrays.asList(more));
        values.add("a test");
        String[] types = values.stream()
                .map(value ->
                        value instanceof Integer ? "int" : value instanceof Boolean ? "boolean" : "java.lang.String")
                .toArray(String[]::new);
        Patience.await()
                .ignoreExceptionsMatching(e -> e instanceof RuntimeMBeanException busy
                        && busy.getCause().getMessage().endsWith("try again"))
                .until(() -> ManagementFactory.getPlatformMBeanServer()
                                .invoke(
                                        new ObjectName("io.waybill:type=Operations"),
                                        operation,
                                        values.toArray(),
                                        types)
                        != null);
    }

    private RunningWaybill waybill() {
        return RunningWaybill.on(temp.resolve("work"))
                .carriers(sandbox)
                .with("waybill.alerts.channels", "log, mail, webhook")
                .with("waybill.alerts.poll-ms", "200")
                .with("waybill.alerts.paused-seconds", "0")
                .with("waybill.alerts.late-poll-seconds", "0")
                .with("waybill.alerts.mail.url", "smtp://127.0.0.1:" + mailPort.number())
                .with("waybill.alerts.mail.user", "waybill")
                .with("waybill.alerts.mail.password", "mail-password")
                .with("waybill.alerts.mail.from", "waybill@example.com")
                .with("waybill.alerts.mail.to", "ops@example.com")
                .with(
                        "waybill.alerts.webhook.url",
                        "http://127.0.0.1:" + hook.getAddress().getPort() + "/alerts")
                .with("waybill.alerts.webhook.secret", SECRET)
                .start();
    }

    private void pauseAndResume(RunningWaybill waybill) {
        waybill.engine().ledger().pauses().pauseByHand("mabang", "somebody", "a test");
        awaitPosts(2);
        waybill.engine().ledger().pauses().resumeByHand("mabang", "somebody", "a test");
        awaitPosts(3);
    }

    private static void abandon(RunningWaybill waybill, String id) {
        waybill.engine()
                .main()
                .lookup("decisions", Decisions.class)
                .abandon(new OrderKey("default", id, 0), "somebody", "a test");
    }

    private List<String> kinds() {
        return posted.stream()
                .map(post -> post.json().path("kind").asText() + " "
                        + post.json().path("event").asText())
                .toList();
    }

    private static void isSigned(Posted post) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec("a shared secret".getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        byte[] expected =
                mac.doFinal((post.id() + "." + post.timestamp() + "." + post.body()).getBytes(StandardCharsets.UTF_8));
        assertThat(post.signature()).isEqualTo("v1," + Base64.getEncoder().encodeToString(expected));
    }

    private void awaitPosts(int number) {
        Awaitility.await().atMost(RunningWaybill.PATIENCE).untilAsserted(() -> assertThat(posted)
                .as(Arrays.toString(kinds().toArray()))
                .hasSize(number));
    }

    private void awaitMails(int number) {
        Awaitility.await().atMost(RunningWaybill.PATIENCE).untilAsserted(() -> assertThat(mail.getReceivedMessages())
                .hasSize(number));
    }

    private static void awaitAllTold(RunningWaybill waybill) {
        Awaitility.await().atMost(RunningWaybill.PATIENCE).until(() -> waybill.query("select 1 from alert_notice")
                .isEmpty());
    }
}
