package io.waybill.draft;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.order.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;

/**
 * Writes the first draft of a carrier: a folder in {@code mappings/} and its route.
 *
 * <ol>
 *   <li>Request schema, method and path are taken from an OpenAPI 3 document or from samples.
 *   <li>Fields whose names tell what they are, are mapped; every other one says {@code fill-in}. So do the facts that no such
 *       document tells: how a lost answer is resolved, where a refusal says why.
 *   <li>The fields of our order that no mapping reads are listed under {@code not-sent}, their reasons to be filled in.
 *   <li>Samples become the beginnings of cases.
 * </ol>
 *
 * <p>{@code waybill check} then prints what is left. Until it is filled in, every order for this carrier is refused.
 */
public final class CarrierDraft {

    private static final ObjectMapper JSON = Json.orders();

    /** Identity, routing, and what only the result and the charge rows carry: no carrier is asked to take them. */
    private static final Set<String> KEPT = Set.of(
            "account",
            "order_id",
            "reissue",
            "created_at",
            "carrier",
            "metadata",
            "validate_now",
            "billing.cost_center",
            "billing.reference",
            "recipient.country_code",
            "sender.country_code");

    private final Path home;
    private final String name;
    private final CarrierApi api;
    private final TreeMap<String, String> files = new TreeMap<>();

    private CarrierDraft(Path home, String name, CarrierApi api) {
        this.home = home;
        this.name = name;
        this.api = api;
    }

    /**
     * Writes it.
     *
     * @param operation which operation of an OpenAPI document books, null if there is only one that can be meant
     * @return the files that were written
     * @throws IllegalArgumentException with a sentence if nothing can be made of the document, or the carrier is there already
     */
    public static List<Path> write(Path home, String name, Path from, String operation) {
        if (!name.matches("[a-z][a-z0-9-]{1,30}")) {
            throw new IllegalArgumentException(
                    "carrier '" + name + "': expected a lower-case word of 2 to 31 letters, digits and dashes");
        }
        if (Files.exists(home.resolve("mappings").resolve(name))) {
            throw new IllegalArgumentException(
                    "carrier '" + name + "': its folder is there already; nothing was changed");
        }
        String route = "routes/" + name + ".camel.yaml";
        if (Files.exists(home.resolve(route))) {
            throw new IllegalArgumentException("carrier '" + name + "': '" + route
                    + "' is there already, so the carrier needs another name; nothing was changed");
        }
        return new CarrierDraft(home, name, CarrierApi.read(from, operation)).write();
    }

    private List<Path> write() {
        String title = name + " " + api.method() + " " + api.path();
        RequestDraft request = new RequestDraft(title, api.request());
        ResponseDraft response = new ResponseDraft(api.response());
        String folder = "mappings/" + name + "/";
        files.put(folder + "carrier.yaml", facts(request, response));
        files.put(folder + "codes.json", text(codes(request)));
        files.put(folder + "book.request.jslt", request.text());
        files.put(folder + "book.request.schema.json", text(schema(title)));
        files.put(folder + "book.response.jslt", response.text(title));
        cases(folder);
        files.put(folder + "cases/account.json", text(account()));
        files.put("routes/" + name + ".camel.yaml", route());
        return stored();
    }

    /** The account of every case; its key is none of anybody's. */
    private ObjectNode account() {
        boolean keys = api.auth().path("recipe").asText().equals("header-keys");
        return JsonNodeFactory.instance.objectNode().put(keys ? "api-key" : "token", "key-of-the-cases");
    }

    private static ObjectNode codes(RequestDraft request) {
        ObjectNode codes = JsonNodeFactory.instance.objectNode();
        ObjectNode services = codes.putObject("service");
        request.services()
                .forEach(code -> services.put(code.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-"), code));
        if (services.isEmpty()) {
            services.put("standard", "fill in");
        }
        codes.putObject("status");
        return codes;
    }

    private ObjectNode schema(String title) {
        ObjectNode schema = JsonNodeFactory.instance.objectNode();
        schema.put("$schema", "https://json-schema.org/draft/2020-12/schema").put("title", title);
        schema.setAll(api.request());
        return schema;
    }

    private String facts(RequestDraft request, ResponseDraft response) {
        boolean keys = api.auth().path("recipe").asText().equals("header-keys");
        String header = keys ? api.auth().path("headers").fieldNames().next() : "";
        JsonNode reference = request.reference();
        int longest = reference == null ? 40 : reference.path("maxLength").asInt(40);
        StringBuilder yaml = new StringBuilder();
        yaml.append("# ").append(name).append(": a draft; 'waybill check' says what is left to fill in\n");
        yaml.append("carrier: ").append(name).append("\nname: ").append(name).append('\n');
        yaml.append("zone: UTC\n\nauth:\n");
        yaml.append(
                keys
                        ? "  recipe: header-keys\n  headers:\n    " + quoted(header) + ": api-key\n"
                        : "  recipe: bearer\n  token: token\n");
        yaml.append("  source: ")
                .append(api.auth().isEmpty() ? "\"fill in: how are calls authenticated?\"" : "its OpenAPI document")
                .append("\n\nsettings:\n");
        yaml.append(keys ? "  api-key: " : "  token: ")
                .append("{required: true, secret: true, description: the key of the account}\n");
        yaml.append("  service.<word>: {description: their code of a service word of yours}\n\n");
        yaml.append("reference:\n  pattern: \"[A-Za-z0-9-]+\"\n  length: ")
                .append(Math.max(17, Math.min(longest, 200)));
        yaml.append("\n  source: \"fill in: which characters does it take, and how many?\"\n\n");
        yaml.append(
                """
                operations:
                  book:
                    source: %s
                    method: %s
                    path: %s
                    encoding: %s
                    connect-timeout: PT5S
                    response-timeout: PT30S
                    in-doubt: {way: operator, source: "fill in: can it be asked for the order, or be sent the same again?"}
                    outcomes:
                      - when: .status == 429
                        then: throttled
                      - when: '.status == %d%s'
                        then: confirmed
                        source: "fill in: does this prove that it is booked?"
                      - when: '.status >= 400 and .status < 500 and .status != 408'
                        then: rejected
                        reason: 'fallback(.body.message, .body.error.message)'
                        source: "fill in: where does a refusal say why, and what does it say to a duplicate?"

                not-sent:
                """
                        .formatted(
                                api.samples().isEmpty() ? "its OpenAPI document" : "samples",
                                api.method(),
                                api.samples().isEmpty() ? quoted(api.path()) : "\"/fill-in\"",
                                api.form() ? "form" : "json",
                                api.success(),
                                response.proof()));
        unsent(request.ours()).forEach(field -> yaml.append("  - {field: ")
                .append(field)
                .append(", reason: \"fill in: map it, or say why it is not sent\"}\n"));
        return yaml.toString();
    }

    /** The fields of our order that the draft does not read; a group that is not read at all is listed as one. */
    private List<String> unsent(Set<String> ours) {
        List<String> unsent = new ArrayList<>();
        JsonNode orders = read(home.resolve("mappings/order.schema.json"));
        collect(orders, orders, "", ours, unsent);
        return unsent;
    }

    private static void collect(JsonNode root, JsonNode schema, String path, Set<String> ours, List<String> unsent) {
        resolved(root, schema).path("properties").properties().forEach(property -> {
            String full = path.isEmpty() ? property.getKey() : path + "." + property.getKey();
            boolean holds =
                    !resolved(root, property.getValue()).path("properties").isEmpty();
            boolean inside = ours.stream().anyMatch(each -> each.startsWith(full + "."))
                    || KEPT.stream().anyMatch(each -> each.startsWith(full + "."));
            if (ours.contains(full) || KEPT.contains(full)) {
                return;
            }
            if (holds && inside) {
                collect(root, property.getValue(), full, ours, unsent);
            } else {
                unsent.add(full);
            }
        });
    }

    private static JsonNode resolved(JsonNode root, JsonNode schema) {
        String reference = schema.path("$ref").asText();
        JsonNode at = reference.startsWith("#/") ? root.at(reference.substring(1)) : schema;
        return at.has("items") ? resolved(root, at.path("items")) : at;
    }

    private void cases(String folder) {
        for (int i = 0; i < api.samples().size(); i++) {
            String each = folder + "cases/sample-" + (i + 1) + "/";
            JsonNode sample = api.samples().get(i);
            files.put(each + "request.json", text(sample.path("request")));
            if (sample.has("response")) {
                ObjectNode answer = JsonNodeFactory.instance.objectNode().put("status", api.success());
                answer.set("body", sample.path("response"));
                files.put(each + "response.json", text(answer));
            }
        }
    }

    private String route() {
        return """
                - route:
                    id: NAME
                    description: Works on the orders of NAME, at most so many calls in flight and so many a second, whatever the others do.
                    routeConfigurationId: standard
                    from:
                      uri: seda:NAME
                      parameters:
                        size: "{{waybill.claims}}"
                        concurrentConsumers: "{{waybill.carrier.NAME.concurrency:8}}"
                        # each of them lets a stop wait so long, in ms, when it has nothing to do
                        pollTimeout: "200"
                      steps:
                        - process:
                            id: hold-NAME-order
                            ref: hold
                        - throttle:
                            id: NAME-rate
                            expression:
                              constant:
                                expression: "{{waybill.carrier.NAME.rate:10}}"
                            timePeriodMillis: "1000"
                        - to:
                            id: ship-with-NAME
                            uri: direct:ship
                """
                .replace("NAME", name);
    }

    private List<Path> stored() {
        List<Path> written = new ArrayList<>();
        try {
            for (String file : files.keySet()) {
                Path path = home.resolve(file);
                Files.createDirectories(path.getParent());
                Files.writeString(path, files.get(file));
                written.add(path);
            }
            return written;
        } catch (IOException e) {
            throw new UncheckedIOException("carrier '" + name + "': its files cannot be written", e);
        }
    }

    private static JsonNode read(Path file) {
        try {
            return JSON.readTree(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(file + ":1: is missing or cannot be read", e);
        }
    }

    private static String text(JsonNode json) {
        return json.toPrettyString() + "\n";
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }
}
