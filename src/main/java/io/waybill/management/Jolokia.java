package io.waybill.management;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.ext.web.RoutingContext;
import io.waybill.access.Login;
import io.waybill.access.Visible;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jolokia.json.JSONObject;
import org.jolokia.json.JSONStructure;
import org.jolokia.server.core.config.ConfigKey;
import org.jolokia.server.core.config.StaticConfiguration;
import org.jolokia.server.core.http.HttpRequestHandler;
import org.jolokia.server.core.service.JolokiaServiceManagerFactory;
import org.jolokia.server.core.service.api.JolokiaServiceManager;
import org.jolokia.server.core.service.impl.QuietLogHandler;
import org.jolokia.service.jmx.LocalRequestHandler;
import org.jolokia.service.serializer.JolokiaSerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers what the console and the command line ask the MBeans.
 *
 * <ol>
 *   <li>The body is JSON without a field twice: one request, or at most {@value #BULK} of them. What was understood is what
 *       is passed on, so that no second parser reads it differently.
 *   <li>A request for another machine (a {@code target}) is refused.
 *   <li>It runs in the name of whoever logged in, see {@link Roles}, on threads of its own: a long answer delays neither
 *       health nor metrics, and more than {@value #WAITING} waiting ones are put off.
 * </ol>
 */
final class Jolokia {

    /** How many requests one body may hold; the console asks for everything that a page shows at once. */
    static final int BULK = 200;

    private static final Logger LOG = LoggerFactory.getLogger(Jolokia.class);
    private static final int THREADS = 3;
    private static final int WAITING = 50;
    private static final int DEEPEST = 16;

    /** What a client may ask for beside the requests; the rest of Jolokia's parameters is not passed on. */
    private static final Set<String> OPTIONS = Set.of(
            "canonicalNaming",
            "ignoreErrors",
            "includeRequest",
            "listKeys",
            "maxCollectionSize",
            "maxDepth",
            "maxObjects",
            "serializeLong");

    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final Refusals refusals;
    private final Roles roles = new Roles();
    private final AtomicInteger waiting = new AtomicInteger();
    private JolokiaServiceManager services;
    private HttpRequestHandler requests;
    private WorkerExecutor workers;

    Jolokia(Refusals refusals) {
        this.refusals = refusals;
    }

    void start(Vertx vertx) {
        services = JolokiaServiceManagerFactory.createJolokiaServiceManager(
                new StaticConfiguration(ConfigKey.AGENT_ID, "waybill"), new QuietLogHandler(), roles);
        services.addService(new JolokiaSerializer());
        services.addService(new LocalRequestHandler(1));
        requests = new HttpRequestHandler(services.start());
        workers = vertx.createSharedWorkerExecutor("waybill-jolokia", THREADS);
    }

    void stop() {
        if (services != null) {
            services.stop();
            workers.close();
        }
    }

    /** Says what it is, which a client may ask without a body. */
    void version(RoutingContext context) {
        answer(context, JsonNodeFactory.instance.objectNode().put("type", "version"));
    }

    /** Answers the requests of a body. */
    void post(RoutingContext context) {
        JsonNode asked;
        try {
            asked = JSON.readTree(context.body().buffer().getBytes());
        } catch (IOException | NullPointerException noJson) {
            // what the parser says may quote the input
            Refusals.refuse(context, 400, "the body is not the JSON of a Jolokia request");
            return;
        }
        List<JsonNode> each = new ArrayList<>();
        (asked.isArray() ? asked : List.of(asked)).forEach(each::add);
        // the console sends an empty list when it waits for nothing
        if (!each.stream().allMatch(JsonNode::isObject)) {
            Refusals.refuse(context, 400, "the body is not the JSON of a Jolokia request");
        } else if (each.size() > BULK) {
            Refusals.refuse(context, 413, "expected at most %d requests at once, were %d".formatted(BULK, each.size()));
        } else if (each.stream().anyMatch(request -> request.has("target"))) {
            Refusals.refuse(context, 403, "requests for another machine are not passed on");
        } else {
            answer(context, asked);
        }
    }

    private void answer(RoutingContext context, JsonNode asked) {
        if (waiting.incrementAndGet() > WAITING) {
            waiting.decrementAndGet();
            context.response().putHeader("Retry-After", "5");
            Refusals.refuse(context, 503, "%d requests are waiting; try again later".formatted(WAITING));
            return;
        }
        Login login = Logins.of(context);
        Map<String, String[]> options = options(context.queryParams());
        workers.executeBlocking(() -> login.call(() -> answer(login, asked, options)), false)
                .onComplete(done -> waiting.decrementAndGet())
                .onSuccess(answer -> context.response()
                        .putHeader("Content-Type", "application/json")
                        .end(answer))
                .onFailure(failure -> Refusals.refuse(context, 400, "the request cannot be understood"));
    }

    private static Map<String, String[]> options(MultiMap query) {
        Map<String, String[]> options = new TreeMap<>();
        OPTIONS.stream().filter(query::contains).forEach(name -> options.put(name, new String[] {query.get(name)}));
        return options;
    }

    private String answer(Login login, JsonNode asked, Map<String, String[]> options) throws Exception {
        byte[] body = JSON.writeValueAsBytes(asked);
        JSONStructure answer = requests.handlePostRequest(
                Gate.JOLOKIA, new ByteArrayInputStream(body), StandardCharsets.UTF_8.name(), options);
        String text = answer.toJSONString();
        if (answer instanceof JSONObject single) {
            note(login, asked, single);
        } else if (answer instanceof List<?> several) {
            for (int i = 0; i < several.size(); i++) {
                note(login, asked.path(i), (JSONObject) several.get(i));
            }
        }
        return text;
    }

    private void note(Login login, JsonNode asked, JSONObject answer) {
        String operation = asked.path("operation").asText();
        String what = Visible.text(asked.path("type").asText() + " "
                + asked.path("mbean").asText() + " "
                + asked.path("operation").asText(asked.path("attribute").asText()));
        if (Integer.valueOf(403).equals(answer.get("status"))) {
            refusals.say("refused to {} '{}': {}", login.role().word(), login.user(), what);
        } else if (asked.path("type").asText().equals("exec")
                && roles.changes(asked.path("mbean").asText(), operation)) {
            LOG.info("{} '{}': {}: {}", login.role().word(), login.user(), what, answer.get("status"));
        }
    }
}
