package io.waybill.route;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.ledger.Queries;
import io.waybill.ledger.Resumption;
import io.waybill.ledger.Resumption.OpenCall;
import io.waybill.ledger.Stored;
import io.waybill.mapping.Carrier;
import io.waybill.mapping.CarrierRules;
import io.waybill.mapping.Carriers;
import io.waybill.mapping.Difference;
import io.waybill.mapping.Known;
import io.waybill.mapping.MappingRefused;
import io.waybill.mapping.Part;
import io.waybill.mapping.Request;
import io.waybill.mapping.Shown;
import io.waybill.order.Fingerprint;
import io.waybill.order.Json;
import io.waybill.order.Order;
import io.waybill.order.OrderKey;
import io.waybill.settings.Settings;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a replay would send, beside what was sent then; asks nobody and changes nothing.
 *
 * <ol>
 *   <li>The carrier is the one that the order is bound to, else the one that today's rules choose.
 *   <li>The call is the one that broke off, else the first that is not done. What the carrier would only be asked for before it
 *       is not known here.
 *   <li>Today's mapping and settings make the request; it is compared with the one that the ledger keeps of a call that is not
 *       done. Where none is kept, the fingerprints tell at least whether it is the same.
 * </ol>
 */
public final class Rehearsal {

    private static final int MOST = 8 << 20;

    /** Decimals as they were written. */
    private static final ObjectMapper JSON = Json.strict(MOST, MOST);

    private final Settings settings;
    private final Queries queries;
    private final Carriers carriers;
    private final CarrierRules rules;
    private final CanonicalOrders orders;

    /** @param orders reads what the ledger keeps of an order */
    public Rehearsal(
            Settings settings, Queries queries, Carriers carriers, CarrierRules rules, CanonicalOrders orders) {
        this.settings = settings;
        this.queries = queries;
        this.carriers = carriers;
        this.rules = rules;
        this.orders = orders;
    }

    /**
     * Compares.
     *
     * @return {@code {order, state, step, carrier, service, says, differences, faults}}; values that differ are shown, secrets
     *     are not
     * @throws IllegalArgumentException if nobody knows the order
     */
    public ObjectNode of(OrderKey key) {
        Resumption resumption = queries.resumption(key)
                .orElseThrow(() -> new IllegalArgumentException("order " + key + ": nobody knows it"));
        ObjectNode told = JsonNodeFactory.instance.objectNode();
        told.put("order", key.text()).put("state", resumption.order().state());
        told.putArray("differences");
        told.putArray("faults");
        if (resumption.order().forgottenAt() == null) {
            compare(resumption, told);
        } else {
            told.put("says", "its content was removed, since it is old");
        }
        return told;
    }

    private void compare(Resumption resumption, ObjectNode told) {
        Stored stored = resumption.order();
        Order order = orders.parse(stored.key(), stored.payload(), stored.source());
        Optional<CarrierRules.Choice> choice = resumption.bound()
                ? Optional.of(new CarrierRules.Choice(stored.carrier(), stored.service(), stored.rule()))
                : rules.choose(order.document());
        if (choice.isEmpty() || !carriers.ids().contains(choice.get().carrier())) {
            told.put("says", "no rule of today names a known carrier for it, so nothing would be sent");
            return;
        }
        Carrier carrier = carriers.get(choice.get().carrier());
        told.put("carrier", carrier.id()).put("service", choice.get().service());
        ObjectNode chosen = JsonNodeFactory.instance.objectNode();
        chosen.setAll(order.document());
        chosen.put("carrier", carrier.id()).put("service", choice.get().service());
        Optional<Part> part = next(carrier, chosen, account(stored, carrier), resumption);
        if (part.isEmpty()) {
            told.put("says", "its booking is done, so nothing would be sent to " + carrier.id());
            return;
        }
        told.put("step", part.get().step());
        boolean sameCarrier = carrier.id().equals(stored.carrier());
        request(carrier, chosen, part.get(), resumption, told)
                .ifPresent(request -> tell(carrier, request, sameCarrier ? resumption : elsewhere(resumption), told));
    }

    private static Resumption elsewhere(Resumption resumption) {
        return new Resumption(resumption.order(), false, null, resumption.results());
    }

    private static Optional<Part> next(
            Carrier carrier, ObjectNode order, Map<String, String> account, Resumption resumption) {
        String booked = resumption.results().get(Part.BOOK.step());
        List<Part> calls = Calls.parts(carrier, booked == null ? null : json(booked), order, account).stream()
                .filter(part -> !part.asks() && !resumption.results().containsKey(part.step()))
                .toList();
        OpenCall open = resumption.call();
        return calls.stream()
                .filter(part -> open != null && part.step().equals(open.step()))
                .findFirst()
                .or(() -> calls.stream().findFirst());
    }

    private Optional<Request> request(
            Carrier carrier, ObjectNode order, Part part, Resumption resumption, ObjectNode told) {
        Stored stored = resumption.order();
        boolean kept = stored.carrierReference() != null && carrier.id().equals(stored.carrier());
        String reference = kept ? stored.carrierReference() : carrier.reference(stored.key());
        ObjectNode done = JsonNodeFactory.instance.objectNode();
        resumption.results().forEach((step, result) -> done.set(step, json(result)));
        try {
            return Optional.of(carrier.request(
                    part.operation(), new Known(part, done), order, reference, account(stored, carrier)));
        } catch (MappingRefused refused) {
            ArrayNode faults = told.withArray("faults");
            refused.faults().forEach(fault -> faults.add(fault.message()));
            boolean asks = carrier.parts(order, account(stored, carrier)).stream()
                    .anyMatch(each -> each.asks() && each.at().equals(part.at()));
            told.put(
                    "says",
                    "today's mapping makes no request of it"
                            + (asks ? "; what " + carrier.id() + " is asked for first is not known here" : ""));
            return Optional.empty();
        }
    }

    private void tell(Carrier carrier, Request request, Resumption resumption, ObjectNode told) {
        OpenCall then = resumption.call();
        String before = resumption.order().carrier();
        if (then == null && before != null && !before.equals(carrier.id())) {
            told.put("says", "it was for " + before + " then and would go to " + carrier.id() + " now");
        } else if (then == null
                || then.fingerprint() == null
                || !then.step().equals(told.path("step").asText())) {
            told.put("says", "nothing was sent then; today's mapping makes a request of it");
        } else if (then.fingerprint().equals(Fingerprint.of(request.body())) && request.query() == null) {
            told.put("says", "the very same request");
        } else if (then.request() == null) {
            told.put(
                    "says",
                    "another request, but of what was sent then only the fingerprint is kept; mapping "
                            + then.mapping() + " then, "
                            + carrier.version() + " now");
        } else {
            Shown shown = new Shown(carrier.secrets(account(resumption.order(), carrier)));
            List<String> differences = Difference.since(json(then.request()), shown.of(request.json()));
            ArrayNode lines = told.withArray("differences");
            differences.forEach(lines::add);
            told.put(
                    "says",
                    switch (differences.size()) {
                        case 0 -> "the same content, though not the same bytes: a secret, the signature or the encoding";
                        case 1 -> "1 difference";
                        default -> differences.size() + " differences";
                    });
        }
    }

    private Map<String, String> account(Stored stored, Carrier carrier) {
        return settings.account(stored.key().account(), carrier.id());
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("ledger: what is kept of a call is no JSON", e);
        }
    }
}
