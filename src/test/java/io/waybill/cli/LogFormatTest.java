package io.waybill.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeAndTimeBasedRollingPolicy;
import ch.qos.logback.core.spi.FilterReply;
import ch.qos.logback.core.status.Status;
import com.fasterxml.jackson.databind.JsonNode;
import io.waybill.testing.Orders;
import io.waybill.testing.SetClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The log configuration of the distribution, on a context of its own. */
class LogFormatTest {

    @TempDir
    Path folder;

    @Test
    void asJsonEachLineIsAnObjectWithTheOrder() throws Exception {
        List<String> lines = logged("json");

        assertThat(lines).hasSize(2);
        JsonNode change = Orders.json(lines.get(0));
        assertThat(change.path("order").asText()).isEqualTo("default:A-1");
        assertThat(change.path("change").asText()).isEqualTo("booked");
        assertThat(change.path("level").asText()).isEqualTo("INFO");
        assertThat(change.has("@timestamp")).isTrue();
        JsonNode failure = Orders.json(lines.get(1));
        assertThat(failure.path("message").asText()).contains("a \r\n\n forged\rline");
        assertThat(failure.path("stack_trace").asText()).contains("the root");
    }

    @Test
    void asTextEachLineHasKeysAndValues() throws Exception {
        List<String> lines = logged("text");

        assertThat(lines.get(0)).contains("level=INFO", "order=default:A-1 change=booked");
        assertThat(lines.get(1)).contains("a forged line");
    }

    @Test
    void filesAreBoundedInSizeAndAge() throws Exception {
        LoggerContext context = configured("json");
        RollingFileAppender<?> appender =
                (RollingFileAppender<?>) context.getLogger("ROOT").getAppender("json-file");
        SizeAndTimeBasedRollingPolicy<?> policy = (SizeAndTimeBasedRollingPolicy<?>) appender.getRollingPolicy();

        assertThat(appender.isStarted()).isTrue();
        assertThat(policy.getMaxHistory()).isEqualTo(3);
        assertThat(policy.getFileNamePattern()).isEqualTo(file() + ".%d{yyyy-MM-dd}.%i.gz");
        assertThat(context.getStatusManager().getCopyOfStatusList())
                .noneMatch(status -> status.getLevel() == Status.ERROR);
        context.stop();
    }

    /** As the listener containers say it, for each queue. */
    @Test
    void aBrokerThatIsAwayIsToldOfOnceAndAgainWhenItIsBack() throws Exception {
        LoggerContext context = configured("text");
        Logger queues = context.getLogger("org.apache.camel.component.jms.DefaultJmsMessageListenerContainer");

        for (int attempt = 0; attempt < 50; attempt++) {
            queues.error(away("waybill.orders", attempt));
            queues.error(away("waybill.dispatch", attempt));
        }
        queues.debug("Successfully refreshed JMS Connection");
        queues.debug("Successfully refreshed JMS Connection");
        queues.error(away("waybill.orders", 0));
        queues.error(away("waybill.orders", 1));
        context.getLogger("another").error("the same");
        context.getLogger("another").error("the same");
        context.stop();

        assertThat(Files.readAllLines(file()))
                .extracting(line -> line.replaceFirst(".* level=(\\w+) logger=\\S+ ", "$1 "))
                .containsExactly(
                        "ERROR " + away("waybill.orders", 0),
                        "ERROR " + away("waybill.dispatch", 0),
                        "DEBUG Successfully refreshed JMS Connection",
                        "ERROR " + away("waybill.orders", 0),
                        "ERROR the same",
                        "ERROR the same");
    }

    @Test
    void aBrokerThatStaysAwayIsToldOfEachTenMinutes() {
        SetClock clock = new SetClock();
        RepeatedLines lines = new RepeatedLines(clock);
        lines.setLogger("queues");
        lines.setEnd("over");
        Logger queues = new LoggerContext().getLogger("queues");
        long told = 0;

        for (int second = 0; second < 3600; second += 5) {
            FilterReply reply = lines.decide(null, queues, Level.ERROR, away("waybill.orders", second), null, null);
            told += reply == FilterReply.NEUTRAL ? 1 : 0;
            clock.forward(Duration.ofSeconds(5));
        }

        assertThat(told).isEqualTo(6);
    }

    private static String away(String queue, int attempt) {
        return "Could not refresh JMS Connection for destination '" + queue
                + "' - retrying using FixedBackOff{interval=5000, currentAttempts=" + attempt + "}. Cause: refused";
    }

    @Test
    void whatCamelFindsOfOursIsNotTold() throws Exception {
        LoggerContext context = configured("text");

        assertThat(context.getLogger("org.apache.camel.main.DefaultConfigurationConfigurer")
                        .isInfoEnabled())
                .isFalse();
        assertThat(context.getLogger("org.apache.camel.main.MainSupport").isInfoEnabled())
                .isTrue();
        context.stop();
    }

    @Test
    void anUnknownFormatIsRefused() {
        assertThatThrownBy(() -> LogTo.appender("xml", ""))
                .hasMessage("setting 'waybill.log.format': expected text or json, was 'xml'");
        assertThat(LogTo.appender("text", "")).isEqualTo("text");
    }

    private List<String> logged(String format) throws Exception {
        LoggerContext context = configured(format);
        Logger logger = context.getLogger("io.waybill.orders");
        logger.atInfo()
                .addKeyValue("order", "default:A-1")
                .addKeyValue("change", "booked")
                .log("");
        logger.warn("a \r\n\n forged\rline", new IllegalStateException("outer", new IllegalStateException("the root")));
        context.stop();
        return Files.readAllLines(file()).stream()
                .filter(line -> line.startsWith(format.equals("json") ? "{" : "20"))
                .toList();
    }

    private LoggerContext configured(String format) throws Exception {
        LoggerContext context = new LoggerContext();
        context.setMDCAdapter(new LogbackMDCAdapter());
        context.putProperty("logged.to", LogTo.appender(format, "a file"));
        context.putProperty("logged.file", file().toString());
        context.putProperty("waybill.log.file-days", "3");
        // a command that another test ran may have said less to this JVM
        context.putProperty("waybill.log.level", "INFO");
        JoranConfigurator configurator = new JoranConfigurator();
        configurator.setContext(context);
        configurator.doConfigure(LogFormatTest.class.getResource("/logback.xml"));
        return context;
    }

    private Path file() {
        return folder.resolve("waybill.log");
    }
}
