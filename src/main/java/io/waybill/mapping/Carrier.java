package io.waybill.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.schibsted.spt.data.jslt.Expression;
import com.schibsted.spt.data.jslt.JsltException;
import io.waybill.order.Fault;
import io.waybill.order.OrderKey;
import io.waybill.order.Outcome;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One carrier, as its folder declares it. Makes requests and reads answers; calls nobody.
 *
 * <ol>
 *   <li>{@link #request}: the account's settings are complete; the order is mapped; the mapped request keeps every rule of
 *       {@code <operation>.request.schema.json}; only then is it encoded and signed. All faults are told at once.
 *   <li>{@link #outcome}: the declared classifier decides from status and body.
 *   <li>{@link #result}: a confirmed answer becomes canonical fields; whatever could not be carried stands in
 *       {@code warnings}.
 * </ol>
 *
 * <p>Mapped keys that begin with {@code _} are facts for the schema (where from, where to, which service); they are never
 * sent. Compiled once, thread-safe.
 */
public final class Carrier {

    private static final ObjectMapper JSON = JsonMapper.builder().build();

    private final String id;
    private final String version;
    private final JsonNode facts;
    private final References references;
    private final Codes codes;
    private final Map<String, Step> steps;
    private final Functions functions;
    private final OrderSchema orders;
    private final Results results;
    private final Plan plan;
    private final List<FollowUpRule> followUps;
    private PushDeclaration pushes;
    private JsonNode options = JsonNodeFactory.instance.objectNode();

    Carrier(
            String id,
            String version,
            JsonNode facts,
            References references,
            Codes codes,
            Map<String, Step> steps,
            Functions functions,
            OrderSchema orders,
            Plan plan,
            List<FollowUpRule> followUps) {
        this.id = id;
        this.version = version;
        this.facts = facts;
        this.references = references;
        this.codes = codes;
        this.steps = steps;
        this.functions = functions;
        this.orders = orders;
        this.results = new Results(id, facts, orders);
        this.plan = plan;
        this.followUps = List.copyOf(followUps);
    }

    /** Of the folder's making: what the carrier tells by itself, null if nothing. */
    Carrier told(PushDeclaration declaration) {
        pushes = declaration;
        return this;
    }

    /** Of the folder's making: what mappings know as {@code $options}. */
    Carrier with(ObjectNode values) {
        options = values;
        results.with(values);
        return this;
    }

    /** What the carrier tells by itself, empty if it declares nothing. */
    public Optional<PushDeclaration> pushes() {
        return Optional.ofNullable(pushes);
    }

    /**
     * What an entry of a push says of its order's shipment: the fields that it knows, and no others.
     *
     * @param order the order as it is shipped
     * @param shipment what is known of the shipment so far
     * @throws MappingRefused if the entry cannot be mapped, or the mapping refuses it
     */
    public ObjectNode pushed(
            String kind,
            PushDeclaration.Content push,
            JsonNode entry,
            ObjectNode order,
            ObjectNode shipment,
            Map<String, String> account) {
        List<Fault> met = new ArrayList<>();
        Map<String, JsonNode> variables = variables(account, Known.NOTHING);
        variables.put("order", orders.withDefaults(order));
        variables.put("shipment", shipment);
        variables.put("push", push.seen());
        JsonNode mapped = apply(pushes.response(kind), kind + ".response.jslt", variables, entry, met);
        if (!(mapped instanceof ObjectNode partial)) {
            throw new MappingRefused(met.isEmpty() ? List.of(new Fault("", "it says nothing of a shipment")) : met);
        }
        return results.checked(partial, met);
    }

    /** The name of the carrier's folder. */
    public String id() {
        return id;
    }

    /** Our service words that the folder ships; an account may add its own with {@code service.<word>}. */
    public Set<String> services() {
        return codes.services();
    }

    /** The names of the operations that the folder declares. */
    public Set<String> operations() {
        return steps.keySet();
    }

    /** The values of an account's settings that {@code carrier.yaml} calls secret, and that nobody may be shown. */
    public Set<String> secrets(Map<String, String> account) {
        Set<String> secrets = new HashSet<>();
        facts.path("settings").properties().forEach(setting -> {
            String value = account.getOrDefault(setting.getKey(), "");
            if (setting.getValue().path("secret").asBoolean() && !value.isBlank()) {
                secrets.add(value);
            }
        });
        return secrets;
    }

    /** The declared facts of an operation. */
    public Operation operation(String name) {
        return step(name).operation();
    }

    /** Whether the booking of an order takes more than the one call {@code book}, or another one. */
    public boolean takesSeveralCalls(ObjectNode order, Map<String, String> account) {
        return !plan.isOneCall() && !parts(order, account).equals(List.of(Part.BOOK));
    }

    /** The operation that is called for an order in the place of this one; mostly this one. */
    public String operation(String name, ObjectNode order, Map<String, String> account) {
        return plan.operation(name, orders.withDefaults(order), given(account));
    }

    /** The paid create of an order. */
    public Part booking(ObjectNode order, Map<String, String> account) {
        return plan.booking(orders.withDefaults(order), given(account));
    }

    /** The calls that the booking of an order takes, in the order in which they are made. */
    public List<Part> parts(ObjectNode order, Map<String, String> account) {
        return plan.parts(orders.withDefaults(order), given(account));
    }

    /** An order with its defaults filled in, as the conditions of {@link #followUps} see it. */
    public ObjectNode withDefaults(ObjectNode order) {
        return orders.withDefaults(order);
    }

    /** What is asked again and again after the booking. */
    public List<FollowUpRule> followUps() {
        return followUps;
    }

    /** Whether an operation is about a shipment after its booking, so that its answer is a part of one. */
    public boolean isLater(String operation) {
        return operation.equals("cancel") && steps.containsKey(operation)
                || followUps.stream().anyMatch(rule -> rule.operation().equals(operation));
    }

    /** The operation that finds out what became of a call of this operation whose answer is not known. */
    public String lookup(String operation) {
        step(operation);
        return facts.at("/operations/" + operation + "/in-doubt/by").asText("lookup");
    }

    /** The short SHA-256 over all files of the folder but its cases. */
    public String version() {
        return version;
    }

    /**
     * The short SHA-256 over everything that makes this operation: facts, codes, both mappings, what mappings of the folder
     * import, the request's schema, and the order schema, whose defaults are sent too. Kept with every call.
     */
    public String version(String operation) {
        return step(operation).version();
    }

    /** What the carrier is told as the order's number; always the same for the same order. */
    public String reference(OrderKey key) {
        return references.of(key);
    }

    /**
     * Maps, checks, encodes and signs.
     *
     * @param order a legal order; defaults are filled in
     * @param reference what {@link #reference} gave, or what the ledger kept
     * @param account the settings {@code waybill.account.<account>.<carrier>.<key>} by key
     * @throws MappingRefused with everything that stands against it; nothing may then be sent
     */
    public Request request(String operation, ObjectNode order, String reference, Map<String, String> account) {
        return request(operation, Known.NOTHING, order, reference, account);
    }

    /** As above, for one call of several. */
    public Request request(
            String operation, Known known, ObjectNode order, String reference, Map<String, String> account) {
        Step step = step(operation);
        ObjectNode full = orders.withDefaults(order);
        List<Fault> faults =
                new ArrayList<>(missingSettings(full.path("account").asText(), account));
        Map<String, JsonNode> variables = variables(account, known);
        variables.put("reference", TextNode.valueOf(reference));
        variables.put("operation", TextNode.valueOf(operation));
        JsonNode mapped = apply(step.request(), operation + ".request.jslt", variables, full, faults);
        step.cuts().apply(mapped);
        for (Fault found : step.rules().faults(mapped)) {
            Fault fault = placed(found, known.part());
            if (faults.stream().noneMatch(met -> met.pointer().equals(fault.pointer()))) {
                faults.add(fault);
            }
        }
        if (!faults.isEmpty()) {
            throw new MappingRefused(faults);
        }
        JsonNode query =
                step.query() == null ? NullNode.getInstance() : step.query().apply(variables, full);
        return step.recipe().request(step.operation(), withoutFacts(mapped), query, account);
    }

    /** What of an order is sent otherwise than it came, as the folder declares it; one sentence each. */
    public List<String> changes(String operation, ObjectNode order, Map<String, String> account) {
        return changes(operation, Known.NOTHING, orders.withDefaults(order), account);
    }

    private List<String> changes(String operation, Known known, ObjectNode full, Map<String, String> account) {
        Step step = step(operation);
        if (step.cuts().isEmpty()) {
            return List.of();
        }
        Map<String, JsonNode> variables = variables(account, known);
        variables.put("reference", TextNode.valueOf(""));
        variables.put("operation", TextNode.valueOf(operation));
        return step.cuts()
                .apply(apply(step.request(), operation + ".request.jslt", variables, full, new ArrayList<>()));
    }

    /** The fields of the order that are not sent to this carrier, each with the reason; as they stand in the warnings. */
    public List<String> unsent(ObjectNode order, Map<String, String> account) {
        return results.unsent(orders.withDefaults(order), given(account));
    }

    /** What is known after the call. */
    public Outcome outcome(String operation, Answer answer) {
        return step(operation).classifier().outcome(read(operation, answer));
    }

    /**
     * The canonical fields that a confirmed answer holds: see canonical.md, shipment.
     *
     * @throws MappingRefused if the answer cannot be mapped at all
     */
    public ObjectNode result(String operation, ObjectNode order, Answer answer, Map<String, String> account) {
        return result(operation, Known.NOTHING, order, answer, account);
    }

    /** As above, where something was asked before. */
    public ObjectNode result(
            String operation, Known known, ObjectNode order, Answer answer, Map<String, String> account) {
        Step step = step(operation);
        ObjectNode full = orders.withDefaults(order);
        List<Fault> met = new ArrayList<>();
        Map<String, JsonNode> variables = variables(account, known);
        variables.put("order", full);
        variables.put("operation", TextNode.valueOf(operation));
        JsonNode body = read(operation, answer).json();
        JsonNode mapped = apply(step.response(), operation + ".response.jslt", variables, body, met);
        if (!body.isObject() || !(mapped instanceof ObjectNode result)) {
            throw new MappingRefused(List.of(new Fault("", id + " gave an answer that holds no shipment")));
        }
        ObjectNode finished = results.finish(result, full, variables.get("account"), met);
        changes(operation, Known.NOTHING, full, account).forEach(finished.withArrayProperty("warnings")::add);
        if (finished.path("warnings").isEmpty()) {
            finished.remove("warnings");
        }
        return finished;
    }

    /**
     * What a confirmed answer to one call of several brought. What stands under {@code shipment} in it is for the shipment,
     * see {@link #laidOver}; the rest is for the calls that follow.
     *
     * @throws MappingRefused if the mapping says that the booking cannot go on with it
     */
    public ObjectNode answered(Known known, ObjectNode order, Answer answer, Map<String, String> account) {
        List<Fault> met = new ArrayList<>();
        Map<String, JsonNode> variables = variables(account, known);
        variables.put("order", orders.withDefaults(order));
        String operation = known.part().operation();
        JsonNode body = read(operation, answer).json();
        JsonNode mapped = apply(step(operation).response(), operation + ".response.jslt", variables, body, met);
        if (!met.isEmpty()) {
            throw new MappingRefused(met);
        }
        return mapped instanceof ObjectNode brought ? brought : JSON.createObjectNode();
    }

    /**
     * What a confirmed answer after the booking says of the shipment: only fields that it names, each legal; what is wrong is
     * left out and stands in {@code warnings}.
     *
     * @throws MappingRefused if the answer cannot be mapped at all
     */
    public ObjectNode later(Known known, ObjectNode order, Answer answer, Map<String, String> account) {
        String operation = known.part().operation();
        Map<String, JsonNode> variables = variables(account, known);
        variables.put("order", orders.withDefaults(order));
        JsonNode body = Bodies.read(read(operation, answer).body());
        List<Fault> met = new ArrayList<>();
        JsonNode mapped = apply(step(operation).response(), operation + ".response.jslt", variables, body, met);
        if (!body.isObject() || !(mapped instanceof ObjectNode later)) {
            throw new MappingRefused(
                    met.isEmpty()
                            ? List.of(new Fault("", id + " gave an answer that says nothing of the shipment"))
                            : met);
        }
        return results.checked(later, met);
    }

    /** As {@link #later}, of fields that were made otherwise, such as by the mapping of a push. */
    public ObjectNode checked(ObjectNode later) {
        return results.checked(later, List.of());
    }

    /** The result of a booking with what a later call says of it: later fields replace earlier ones, warnings add up. */
    public ObjectNode laidOver(ObjectNode result, ObjectNode later) {
        return results.laidOver(result, later);
    }

    /** The operation of a step of the ledger, empty if the folder declares none any more. */
    public Optional<String> operationOf(String step) {
        return Optional.of(steps.containsKey(step) ? step : step.replaceFirst("-[0-9]+$", ""))
                .filter(steps::containsKey);
    }

    /**
     * What a confirmed answer of a look-up says about a booking whose own answer is not known.
     *
     * @param request what the booking sends, see {@link Request#json()}
     * @throws MappingRefused if the answer cannot be mapped at all
     */
    public Found found(String operation, JsonNode request, Answer answer) {
        return found(operation, Known.NOTHING, request, answer);
    }

    /** As above, for one call of several. */
    public Found found(String operation, Known known, JsonNode request, Answer answer) {
        Map<String, JsonNode> variables = variables(Map.of(), known);
        variables.put("request", request);
        JsonNode body = read(operation, answer).json();
        JsonNode found =
                apply(step(operation).response(), operation + ".response.jslt", variables, body, new ArrayList<>());
        JsonNode same = found.path("answer");
        return new Found(
                found.path("match").asText("other"),
                same.isMissingNode()
                        ? null
                        : new Answer(200, Map.of(), same.toString().getBytes(StandardCharsets.UTF_8)));
    }

    private Answer read(String operation, Answer answer) {
        return step(operation).operation().htmlBefore() ? answer.afterHtml() : answer;
    }

    private JsonNode apply(
            Expression mapping, String file, Map<String, JsonNode> variables, JsonNode input, List<Fault> met) {
        try {
            return functions.collecting(met, () -> mapping.apply(variables, input));
        } catch (JsltException e) {
            String at = e.getSource() == null
                    ? file
                    : Path.of(e.getSource()).getFileName().toString();
            String why = id + "/" + at + ":" + e.getLine() + ": " + e.getMessageWithoutLocation();
            throw new MappingRefused(List.of(new Fault("", "the mapping failed: " + why)));
        }
    }

    private Map<String, JsonNode> variables(Map<String, String> account, Known known) {
        ObjectNode settings = given(account);
        Map<String, JsonNode> variables = new HashMap<>();
        variables.put("account", settings);
        variables.put("codes", codes.with(account));
        variables.put("zone", settings.path("zone").isTextual() ? settings.get("zone") : facts.path("zone"));
        variables.put("options", options);
        variables.put("done", known.done());
        variables.put("at", TextNode.valueOf(known.part().at()));
        variables.put("number", TextNode.valueOf(known.part().number()));
        variables.put(
                "each",
                known.part().each() == null
                        ? NullNode.getInstance()
                        : known.part().each());
        return variables;
    }

    private static ObjectNode given(Map<String, String> account) {
        ObjectNode settings = JsonNodeFactory.instance.objectNode();
        account.forEach((key, value) -> {
            // an empty line in a settings file sets nothing
            if (!value.isBlank()) {
                settings.put(key, value);
            }
        });
        return settings;
    }

    /** In a schema of a repeated call, {@code #} stands for the number of the entry. */
    private static Fault placed(Fault fault, Part part) {
        if (!fault.pointer().contains("/#")) {
            return fault;
        }
        return new Fault(
                fault.pointer().replaceFirst("^/[a-z_]+/#", part.at()),
                fault.message().replaceFirst("^[a-z_]+\\.#", Sentences.dotted(part.at())));
    }

    private List<Fault> missingSettings(String name, Map<String, String> account) {
        List<Fault> missing = new ArrayList<>();
        facts.path("settings").properties().forEach(setting -> {
            String key = setting.getKey();
            if (setting.getValue().path("required").asBoolean()
                    && account.getOrDefault(key, "").isBlank()) {
                String full = "waybill.account." + name + "." + id + "." + key;
                missing.add(new Fault(
                        "/account",
                        "the setting " + full + " is missing: "
                                + setting.getValue().path("description").asText()));
            }
        });
        return missing;
    }

    private static JsonNode withoutFacts(JsonNode mapped) {
        ObjectNode sent = JSON.createObjectNode();
        mapped.properties().forEach(field -> {
            if (!field.getKey().startsWith("_")) {
                sent.set(field.getKey(), field.getValue());
            }
        });
        return sent;
    }

    private Step step(String operation) {
        Step step = steps.get(operation);
        if (step == null) {
            throw new IllegalArgumentException("operation '" + operation + "' of " + id + ": expected one of "
                    + String.join(", ", steps.keySet()));
        }
        return step;
    }
}
