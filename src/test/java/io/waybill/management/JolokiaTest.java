package io.waybill.management;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.management.ManagementFactory;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import javax.management.ObjectName;
import javax.management.StandardMBean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JolokiaTest {

    private static final String CONTEXT = "org.apache.camel:context=waybill,type=context,name=\"waybill\"";
    private static final String ROUTE = "org.apache.camel:context=waybill,type=routes,name=\"parcel\"";
    private static final String OURS = "io.waybill:type=Depot";
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path folder;

    private static Running running;

    /** Stands for the MBeans of other packages. */
    public interface DepotMBean {
        int getParcels();

        void setParcels(int parcels);

        String replay(String order);
    }

    static final class Depot implements DepotMBean {
        @Override
        public int getParcels() {
            return 7;
        }

        @Override
        public void setParcels(int parcels) {
            throw new AssertionError("a write must not come through");
        }

        @Override
        public String replay(String order) {
            return "replayed " + order;
        }
    }

    @BeforeAll
    static void start() throws Exception {
        ManagementFactory.getPlatformMBeanServer()
                .registerMBean(new StandardMBean(new Depot(), DepotMBean.class), new ObjectName(OURS));
        running = new Running(folder).start();
    }

    @AfterAll
    static void stop() throws Exception {
        ManagementFactory.getPlatformMBeanServer().unregisterMBean(new ObjectName(OURS));
        running.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dumpRoutesAsXml()",
                "dumpRoutesAsYaml()",
                "dumpRoutesStatsAsXml(boolean,boolean)",
                "dumpStepStatsAsXml(boolean)"
            })
    void theRoutesOfTheContextMayBeRead(String operation) throws Exception {
        JsonNode answer = exec(CONTEXT, operation, arguments(operation));

        assertThat(answer.path("status").asInt()).as(answer.toString()).isEqualTo(200);
        assertThat(answer.path("value").asText()).contains("parcel");
    }

    @Test
    void ourOwnOperationsMayBeCalledAndRead() throws Exception {
        JsonNode called = exec(OURS, "replay(java.lang.String)", "A-1");
        JsonNode all = jolokia("{\"type\":\"read\",\"mbean\":\"" + OURS + "\"}");

        assertThat(called.path("value").asText()).isEqualTo("replayed A-1");
        assertThat(all.path("value").path("Parcels").asInt()).isEqualTo(7);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sendBody(java.lang.String,java.lang.Object)",
                "sendBody",
                "sendStringBody(java.lang.String,java.lang.String)",
                "sendBodyAndHeaders(java.lang.String,java.lang.Object,java.util.Map)",
                "requestBody(java.lang.String,java.lang.Object)",
                "createEndpoint(java.lang.String)",
                "removeEndpoints(java.lang.String)",
                "dumpRoutesAsXml(boolean)",
                "dumpRoutesAsXml(boolean,boolean)",
                "dumpRoutesAsYaml(boolean)",
                "dumpRoutesAsXml",
                "addOrUpdateRoutesFromXml(java.lang.String)",
                "setStreamCaching",
                "stop()",
                "stop",
                "restart()",
                "suspend()",
                "start()",
                "startAllRoutes()"
            })
    void nothingElseMayBeDoneWithTheContext(String operation) throws Exception {
        assertThat(exec(CONTEXT, operation, "file:/tmp/x", "y").path("status").asInt())
                .isEqualTo(403);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "remove()",
                "remove",
                "start()",
                "start",
                "stop()",
                "stop",
                "stop(long)",
                "stop(java.lang.Long,java.lang.Boolean)",
                "stopAndFail()",
                "suspend()",
                "suspend(long)",
                "resume()",
                "restart()",
                "setTracing",
                "updateRouteFromXml(java.lang.String)",
                "dumpRouteAsXml(boolean)",
                "dumpRouteAsYaml(boolean)",
                "reset()"
            })
    void nothingElseMayBeDoneWithARoute(String operation) throws Exception {
        assertThat(exec(ROUTE, operation, "x").path("status").asInt()).isEqualTo(403);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "com.sun.management:type=DiagnosticCommand | vmSystemProperties",
                "com.sun.management:type=DiagnosticCommand | jfrStart",
                "com.sun.management:type=DiagnosticCommand | compilerDirectivesAdd",
                "com.sun.management:type=HotSpotDiagnostic | dumpHeap",
                "com.sun.management:type=HotSpotDiagnostic | setVMOption",
                "jdk.management.jfr:type=FlightRecorder | newRecording",
                "java.util.logging:type=Logging | setLoggerLevel",
                "java.lang:type=Memory | gc",
                "java.lang:type=Threading | dumpAllThreads(boolean,boolean)",
                "ch.qos.logback.classic:Name=default,Type=ch.qos.logback.classic.jmx.JMXConfigurator | reloadByURL",
                "org.apache.logging.log4j2:type=x | setConfigText",
                "javax.management.loading:type=MLet | getMBeansFromURL(java.lang.String)",
                "Users:type=UserDatabase,database=UserDatabase | createUser",
                "JMImplementation:type=MBeanServerDelegate | x",
                "jolokia:type=Config | setHistorySize",
                "org.apache.camel:context=waybill,type=tracer,name=BacklogTracer | dumpAllTracedMessagesAsJSon()",
                "org.apache.camel:context=waybill,type=tracer,name=BacklogTracer | setTraceFilter(java.lang.String)",
                "org.apache.camel:context=waybill,type=tracer,name=BacklogTracer | setEnabled(boolean)",
                "org.apache.camel:context=waybill,type=tracer,name=BacklogTracer | setEnabled",
                "org.apache.camel:context=waybill,type=endpoints,name=\"direct://parcel\" | browseAllMessagesAsXml(java.lang.Boolean)",
                "org.apache.camel:context=waybill,type=services,name=x | stop()"
            })
    void noOtherMBeanMayBeCalled(String mbean, String operation) throws Exception {
        assertThat(exec(mbean, operation, "x").path("status").asInt()).isEqualTo(403);
    }

    @ParameterizedTest
    @ValueSource(strings = {"SystemProperties", "InputArguments", "ClassPath", "LibraryPath", "BootClassPath"})
    void settingsOfTheMachineMayNotBeRead(String attribute) throws Exception {
        JsonNode answer = read("java.lang:type=Runtime", attribute);

        assertThat(answer.path("status").asInt()).isEqualTo(403);
        assertThat(answer.has("value")).isFalse();
    }

    @Test
    void readingAWholeMBeanShowsNoMoreThanItsAllowedAttributes() throws Exception {
        JsonNode answer = jolokia("{\"type\":\"read\",\"mbean\":\"java.lang:type=Runtime\"}");
        JsonNode pattern =
                jolokia("{\"type\":\"read\",\"mbean\":\"java.lang:type=Run*\",\"config\":{\"ignoreErrors\":true}}");

        assertThat(answer.toString() + pattern)
                .doesNotContain("java.class.path")
                .doesNotContain("serialFilter");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "io.waybill:type=Depot | Parcels",
                "org.apache.camel:context=waybill,type=context,name=\"waybill\" | Tracing",
                "org.apache.camel:context=waybill,type=routes,name=\"parcel\" | Tracing",
                "java.lang:type=Memory | Verbose",
                "java.lang:type=Threading | ThreadContentionMonitoringEnabled"
            })
    void nothingMayBeWritten(String mbean, String attribute) throws Exception {
        JsonNode answer = jolokia(JSON.createObjectNode()
                .put("type", "write")
                .put("mbean", mbean)
                .put("attribute", attribute)
                .put("value", true)
                .toString());

        assertThat(answer.path("status").asInt()).isEqualTo(403);
    }

    @Test
    void aRequestForAnotherMachineIsRefused() throws Exception {
        String proxied = "{\"type\":\"read\",\"mbean\":\"java.lang:type=Memory\",\"attribute\":\"Verbose\","
                + "\"target\":{\"url\":\"service:jmx:rmi:///jndi/rmi://127.0.0.1:1/jmxrmi\"}}";

        for (String body : List.of(proxied, "[" + proxied + "]")) {
            HttpResponse<String> answer = running.post("/hawtio/jolokia/", body);

            assertThat(answer.statusCode()).isEqualTo(403);
            assertThat(answer.body()).isEqualTo("requests for another machine are not passed on\n");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/hawtio/jolokia/exec/java.lang:type=Memory/gc",
                "/hawtio/jolokia/read/java.lang:type=Memory",
                "/hawtio/jolokia/list",
                "/hawtio/jolokia?p=list",
                "/hawtio/jolokia/?p=/exec/x",
                "/hawtio/jolokia/version?p=list",
                "/hawtio//jolokia/list"
            })
    void aCommandByGetIsRefused(String path) throws Exception {
        String answer = running.raw("GET " + path + " HTTP/1.1", "Authorization: " + running.basic());

        assertThat(answer).startsWith("HTTP/1.1 405 ");
    }

    @Test
    void theVersionMayBeAskedForByGet() throws Exception {
        JsonNode answer = JSON.readTree(running.get("/hawtio/jolokia/version").body());

        assertThat(answer.path("value").path("agent").asText()).isEqualTo("2.5.0");
        assertThat(answer.path("value").path("details").path("agent_version").asText())
                .isEqualTo("2.5.0");
    }

    @ParameterizedTest
    @CsvSource({
        "Origin, http://other.example",
        "Origin, null",
        "Origin, https://127.0.0.1",
        "Origin, ://",
        "Sec-Fetch-Site, cross-site",
        "Sec-Fetch-Site, same-site"
    })
    void aPageOfAnotherSiteIsRefused(String header, String value) throws Exception {
        var request = running.request("/hawtio/jolokia/")
                .header(header, value)
                .POST(BodyPublishers.ofString("{\"type\":\"version\"}"));

        assertThat(running.send(request).statusCode()).isEqualTo(403);
    }

    @Test
    void aPageOfOursIsServed() throws Exception {
        var request = running.request("/hawtio/jolokia/")
                .header("Origin", "http://127.0.0.1:" + running.management.port())
                .header("Sec-Fetch-Site", "same-origin")
                .POST(BodyPublishers.ofString("{\"type\":\"version\"}"));

        assertThat(running.send(request).statusCode()).isEqualTo(200);
    }

    @Test
    void aLargeBodyIsRefused() throws Exception {
        assertThat(running.post("/hawtio/jolokia/", " ".repeat(256 * 1024 + 1)).statusCode())
                .isEqualTo(413);
    }

    private static Object[] arguments(String operation) {
        return operation.contains("()")
                ? new Object[0]
                : operation.contains(",") ? new Object[] {true, true} : new Object[] {true};
    }

    private static JsonNode exec(String mbean, String operation, Object... arguments) throws Exception {
        return jolokia(JSON.createObjectNode()
                .put("type", "exec")
                .put("mbean", mbean)
                .put("operation", operation)
                .<ObjectNode>set("arguments", JSON.valueToTree(arguments))
                .toString());
    }

    private static JsonNode read(String mbean, String attribute) throws Exception {
        return jolokia(JSON.createObjectNode()
                .put("type", "read")
                .put("mbean", mbean)
                .put("attribute", attribute)
                .toString());
    }

    private static JsonNode jolokia(String body) throws Exception {
        return JSON.readTree(running.post("/hawtio/jolokia/", body).body());
    }
}
