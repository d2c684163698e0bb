package io.waybill.management;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import org.apache.camel.spi.BacklogTracer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MaskedTracerTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {"false | <body type=\"java.lang.String\">***</body>", "true | {\"name\":\"***\"}</body>"})
    void aTraceShowsStepsAndNamesAndNoContents(boolean bodies, String body) throws Exception {
        try (Running running = new Running(with(bodies), Clock.systemUTC()).start()) {
            assertThat(exec(running, "setEnabled", "true").path("status").asInt())
                    .isEqualTo(403);
            running.main
                    .getCamelContext()
                    .getCamelContextExtension()
                    .getContextPlugin(BacklogTracer.class)
                    .setEnabled(true);
            running.main
                    .getCamelTemplate()
                    .sendBodyAndHeaders("direct:parcel", "{\"name\":\"Ann Lee\"}", Map.of("api_key", "s3cret"));

            String trace =
                    exec(running, "dumpAllTracedMessagesAsXml()").path("value").asText();

            assertThat(trace)
                    .contains("<routeId>parcel</routeId>", "<toNode>weigh</toNode>", "key=\"api_key\"", body)
                    .doesNotContain("Ann", "s3cret");
        }
    }

    @Test
    void nothingIsTracedUntilSomebodyAsksForIt() throws Exception {
        try (Running running = new Running(folder).start()) {
            running.main.getCamelTemplate().sendBody("direct:parcel", "x");

            assertThat(exec(running, "dumpAllTracedMessagesAsXml()")
                            .path("value")
                            .asText())
                    .doesNotContain("weigh");
        }
    }

    private ManagementSettings with(boolean bodies) {
        ManagementSettings some = Running.settings(folder);
        return new ManagementSettings(
                true,
                some.host(),
                0,
                some.usersFile(),
                some.tokenFile(),
                some.limits(),
                some.patience(),
                some.tls(),
                some.proxies(),
                bodies);
    }

    private static JsonNode exec(Running running, String operation, String... arguments) throws Exception {
        String request = JSON.createObjectNode()
                .put("type", "exec")
                .put("mbean", "org.apache.camel:context=waybill,type=tracer,name=BacklogTracer")
                .put("operation", operation)
                .<com.fasterxml.jackson.databind.node.ObjectNode>set("arguments", JSON.valueToTree(arguments))
                .toString();
        return JSON.readTree(running.post("/hawtio/jolokia/", request).body());
    }
}
