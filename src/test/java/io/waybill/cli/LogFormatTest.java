package io.waybill.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeAndTimeBasedRollingPolicy;
import ch.qos.logback.core.status.Status;
import com.fasterxml.jackson.databind.JsonNode;
import io.waybill.testing.Orders;
import java.nio.file.Files;
import java.nio.file.Path;
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
        JoranConfigurator configurator = new JoranConfigurator();
        configurator.setContext(context);
        configurator.doConfigure(LogFormatTest.class.getResource("/logback.xml"));
        return context;
    }

    private Path file() {
        return folder.resolve("waybill.log");
    }
}
