package io.waybill.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.order.Fault;
import io.waybill.order.OrderKey;
import io.waybill.order.Outcome;
import java.util.ArrayList;
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

    private final String id;
    private final String version;
    private final Declared declared;
    private final OrderSchema orders;
    private final Mappings mappings;
    private final Results results;
    private final Requests requests;
    private final Answers answers;

    /**
     * What the folder declares of the carrier.
     *
     * @param facts {@code carrier.yaml}
     * @param pushes what the carrier tells by itself, null if nothing
     */
    record Declared(
            JsonNode facts,
            References references,
            Map<String, Step> steps,
            Plan plan,
            List<FollowUpRule> followUps,
            PushDeclaration pushes) {

        Declared {
            followUps = List.copyOf(followUps);
        }
    }

    Carrier(String id, String version, Declared declared, Mappings mappings, OrderSchema orders) {
        this.id = id;
        this.version = version;
        this.declared = declared;
        this.orders = orders;
        this.mappings = mappings;
        this.results = new Results(id, declared.facts(), mappings.options(), orders);
        this.requests = new Requests(mappings);
        this.answers = new Answers(mappings, results);
    }

    /** What the carrier tells by itself, empty if it declares nothing. */
    public Optional<PushDeclaration> pushes() {
        return Optional.ofNullable(declared.pushes());
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
        Map<String, JsonNode> variables = mappings.variables(account, Known.NOTHING);
        variables.put("order", orders.withDefaults(order));
        variables.put("shipment", shipment);
        variables.put("push", push.seen());
        JsonNode mapped =
                mappings.apply(declared.pushes().response(kind), kind + ".response.jslt", variables, entry, met);
        if (!(mapped instanceof ObjectNode partial)) {
            throw new MappingRefused(met.isEmpty() ? List.of(new Fault("", "it says nothing of a shipment")) : met);
        }
        return results.checked(partial, met);
    }

    /** The name of the carrier's folder. */
    public String id() {
        return id;
    }

    /** The names of the operations that the folder declares. */
    public Set<String> operations() {
        return declared.steps().keySet();
    }

    /** The values of an account's settings that {@code carrier.yaml} calls secret, and that nobody may be shown. */
    public Set<String> secrets(Map<String, String> account) {
        Set<String> secrets = new HashSet<>();
        declared.facts().path("settings").properties().forEach(setting -> {
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
        return !declared.plan().isOneCall() && !parts(order, account).equals(List.of(Part.BOOK));
    }

    /** The operation that is called for an order in the place of this one; mostly this one. */
    public String operation(String name, ObjectNode order, Map<String, String> account) {
        return declared.plan().operation(name, orders.withDefaults(order), Mappings.given(account));
    }

    /** The paid create of an order. */
    public Part booking(ObjectNode order, Map<String, String> account) {
        return declared.plan().booking(orders.withDefaults(order), Mappings.given(account));
    }

    /** The calls that the booking of an order takes, in the order in which they are made. */
    public List<Part> parts(ObjectNode order, Map<String, String> account) {
        return parts(booking(order, account), order, account);
    }

    /** The same for an order whose create was made by this operation, whatever the settings say by now. */
    public List<Part> parts(String booked, ObjectNode order, Map<String, String> account) {
        return parts(Plan.booking(step(booked).operation().name()), order, account);
    }

    private List<Part> parts(Part booking, ObjectNode order, Map<String, String> account) {
        return declared.plan().parts(booking, orders.withDefaults(order), Mappings.given(account));
    }

    /** An order with its defaults filled in, as the conditions of {@link #followUps} see it. */
    public ObjectNode withDefaults(ObjectNode order) {
        return orders.withDefaults(order);
    }

    /** What is asked again and again after the booking. */
    public List<FollowUpRule> followUps() {
        return declared.followUps();
    }

    /** Whether an operation is about a shipment after its booking, so that its answer is a part of one. */
    public boolean isLater(String operation) {
        return operation.equals("cancel") && declared.steps().containsKey(operation)
                || declared.followUps().stream()
                        .anyMatch(rule -> rule.operation().equals(operation));
    }

    /** The operation that finds out what became of a call of this operation whose answer is not known. */
    public String lookup(String operation) {
        step(operation);
        return declared.facts().at("/operations/" + operation + "/in-doubt/by").asText("lookup");
    }

    /**
     * The short SHA-256 over all files of the folder but its cases, and over the order schema, whose defaults are sent too. Kept
     * with every call.
     */
    public String version() {
        return version;
    }

    /** What the carrier is told as the order's number; always the same for the same order. */
    public String reference(OrderKey key) {
        return declared.references().of(key);
    }

    /**
     * Maps, checks, encodes and signs.
     *
     * @param known which call of several it is, and what the calls before it brought
     * @param order a legal order; defaults are filled in
     * @param reference what {@link #reference} gave, or what the ledger kept
     * @param account the settings {@code waybill.account.<account>.<carrier>.<key>} by key
     * @throws MappingRefused with everything that stands against it; nothing may then be sent
     */
    public Request request(
            String operation, Known known, ObjectNode order, String reference, Map<String, String> account) {
        return requests.request(step(operation), known, orders.withDefaults(order), reference, account);
    }

    /** What of an order is sent otherwise than it came, as the folder declares it; one sentence each. */
    public List<String> changes(String operation, ObjectNode order, Map<String, String> account) {
        return requests.changes(step(operation), orders.withDefaults(order), account);
    }

    /** The fields of the order that are not sent to this carrier, each with the reason; as they stand in the warnings. */
    public List<String> unsent(ObjectNode order, Map<String, String> account) {
        return results.unsent(orders.withDefaults(order), Mappings.given(account));
    }

    /** What is known after the call. */
    public Outcome outcome(String operation, Answer answer) {
        Step step = step(operation);
        return step.classifier().outcome(Answers.read(step, answer));
    }

    /**
     * The canonical fields that a confirmed answer holds: see canonical.md, shipment.
     *
     * @throws MappingRefused if the answer cannot be mapped at all
     */
    public ObjectNode result(
            String operation, Known known, ObjectNode order, Answer answer, Map<String, String> account) {
        Step step = step(operation);
        ObjectNode full = orders.withDefaults(order);
        ObjectNode finished = answers.result(step, known, full, answer, account);
        requests.changes(step, full, account).forEach(finished.withArrayProperty("warnings")::add);
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
        return answers.answered(step(known.part().operation()), known, orders.withDefaults(order), answer, account);
    }

    /**
     * What a confirmed answer after the booking says of the shipment: only fields that it names, each legal; what is wrong is
     * left out and stands in {@code warnings}.
     *
     * @throws MappingRefused if the answer cannot be mapped at all
     */
    public ObjectNode later(Known known, ObjectNode order, Answer answer, Map<String, String> account) {
        return answers.later(step(known.part().operation()), known, orders.withDefaults(order), answer, account);
    }

    /** The result of a booking with what a later call says of it: later fields replace earlier ones, warnings add up. */
    public ObjectNode laidOver(ObjectNode result, ObjectNode later) {
        return results.laidOver(result, later);
    }

    /** The operation of a step of the ledger, empty if the folder declares none any more. */
    public Optional<String> operationOf(String step) {
        return Optional.of(declared.steps().containsKey(step) ? step : step.replaceFirst("-[0-9]+$", ""))
                .filter(declared.steps()::containsKey);
    }

    /**
     * What a confirmed answer of a look-up says about a booking whose own answer is not known.
     *
     * @param request what the booking sends, see {@link Request#json()}
     * @throws MappingRefused if the answer cannot be mapped at all
     */
    public Found found(String operation, Known known, JsonNode request, Answer answer) {
        return answers.found(step(operation), known, request, answer);
    }

    private Step step(String operation) {
        Step step = declared.steps().get(operation);
        if (step == null) {
            throw new IllegalArgumentException("operation '" + operation + "' of " + id + ": expected one of "
                    + String.join(", ", declared.steps().keySet()));
        }
        return step;
    }
}
