package io.waybill.route;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.ledger.Ledger;
import io.waybill.ledger.LedgerUnavailable;
import io.waybill.ledger.OrderParser;
import io.waybill.ledger.Push;
import io.waybill.ledger.Stored;
import io.waybill.mapping.Carrier;
import io.waybill.mapping.Carriers;
import io.waybill.mapping.MappingRefused;
import io.waybill.mapping.PushDeclaration;
import io.waybill.mapping.PushDeclaration.Content;
import io.waybill.mapping.PushDeclaration.Names;
import io.waybill.order.Fault;
import io.waybill.order.Json;
import io.waybill.order.OrderKey;
import io.waybill.settings.Settings;
import io.waybill.sink.DeadLetter;
import io.waybill.sink.DeadLetterStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The steps that apply a stored push, each entry by itself.
 *
 * <ol>
 *   <li>{@link #take}: pushes that are due. Whoever takes one has it for a minute; after a crash somebody else takes it, and
 *       applies all of it again, which changes nothing where it was applied.
 *   <li>{@link #cut}: the entries that are left of it.
 *   <li>{@link #apply}: one entry. Its order busy: it waits. Nobody knows its order, or it cannot be read: put aside with its
 *       bytes and the reason, and the others go on.
 *   <li>{@link #settle}: done, put aside, or due again.
 * </ol>
 */
final class PushEntries {

    private static final Logger LOG = LoggerFactory.getLogger(PushEntries.class);
    private static final Duration LEASE = Duration.ofMinutes(1);
    private static final int MOST = 20;

    /** A push that ended its node so often is not tried again by itself. */
    private static final int MOST_BREAKDOWNS = 20;

    private static final int WHOLE = -1;

    /** What the steps are made of. */
    record Parts(
            Ledger ledger,
            Carriers carriers,
            OrderParser orders,
            Settings settings,
            DeadLetterStore deadLetters,
            Backoff backoff,
            Told told,
            Tally tally,
            Clock clock) {}

    private final Parts parts;

    PushEntries(Parts parts) {
        this.parts = parts;
    }

    /** {@code take-pushes}: the body becomes the pushes that this node has now. */
    void take(Exchange exchange) {
        exchange.getMessage().setBody(parts.ledger().pushes().take(MOST, LEASE));
    }

    /** {@code cut-push}: the body becomes the numbers of the entries that are left; sets the variable {@code push}. */
    void cut(Exchange exchange) throws IOException {
        Push push = exchange.getMessage().getBody(Push.class);
        PushDeclaration declared = parts.carriers().get(push.carrier()).pushes().orElseThrow();
        Content content = declared.read(push.body());
        PushWork work = new PushWork(push, content);
        JsonNode detail = json(push.detail());
        List<Integer> left = push.state().equals(Push.STORED) ? PushWork.left(detail) : null;
        exchange.setVariable("push", work);
        if (left != null) {
            work.remember(detail);
        }
        exchange.getMessage().setBody(left == null ? all(declared, work) : left);
    }

    private List<Integer> all(PushDeclaration declared, PushWork work) throws IOException {
        int entries = declared.entries(work.content()).size();
        if (work.push().attempts() > MOST_BREAKDOWNS) {
            putAside(work, WHOLE, "broke-down", "the work on it broke off " + work.push().attempts() + " times", List.of());
        } else if (declared.kind(work.content()).isEmpty() && entries > 0) {
            putAside(work, WHOLE, "not-handled", "nothing declares what a push of this kind means", List.of());
        } else if (entries == 0) {
            putAside(work, WHOLE, "unreadable", "it holds no entries that can be read", List.of());
        } else {
            return IntStream.range(0, entries).boxed().toList();
        }
        return List.of();
    }

    /** {@code apply-entry}: the body is the number of an entry. */
    void apply(Exchange exchange) throws IOException {
        PushWork work = exchange.getVariable("push", PushWork.class);
        int number = exchange.getMessage().getBody(Integer.class);
        Push push = work.push();
        PushDeclaration declared = parts.carriers().get(push.carrier()).pushes().orElseThrow();
        JsonNode entry = declared.entries(work.content()).get(number);
        Optional<OrderKey> key = order(push, declared.names(entry));
        if (key.isEmpty()) {
            putAside(work, number, "unknown-order", "no order of this account was booked under what it names", List.of());
            return;
        }
        exchange.setVariable("order", key.get().text());
        Stored stored = parts.ledger().queries().find(key.get()).orElseThrow();
        if (stored.shipment() == null) {
            later(work, number);
            return;
        }
        String kind = declared.kind(work.content()).orElseThrow();
        ObjectNode partial = partial(work, kind, entry, stored);
        if (parts.told().apply(key.get(), partial, push.carrier() + " " + kind) == Told.Result.BUSY) {
            later(work, number);
            return;
        }
        boolean unknown = partial.path("status").asText().equals("unknown");
        parts.tally().pushed(push.carrier(), unknown ? "unknown-status" : "applied");
        LOG.info("order={} {} entry={} applied", Logged.text(key.get().text()), push, number);
    }

    /** {@code judge-entry}: an entry that cannot be applied is put aside; a ledger that is away only lets it wait. */
    void judge(Exchange exchange) throws IOException {
        PushWork work = exchange.getVariable("push", PushWork.class);
        int number = exchange.getMessage().getBody(Integer.class);
        Throwable why = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        if (why instanceof MappingRefused refused) {
            putAside(work, number, "unreadable", "the entry cannot be read", refused.faults());
        } else if (why instanceof LedgerUnavailable || why instanceof IOException) {
            work.waits(number);
            LOG.warn("{} entry={} waits: {}", work, number, why.getMessage());
        } else if (isOld(work.push())) {
            putAside(work, number, "failed", why.getClass().getSimpleName(), List.of());
        } else {
            work.waits(number);
            LOG.error("{} entry={} waits, since it failed: {}", work, number, why.toString());
        }
    }

    /** {@code settle-push}. */
    void settle(Exchange exchange) {
        PushWork work = exchange.getVariable("push", PushWork.class);
        Push push = work.push();
        String state = work.isWaiting() ? Push.STORED : work.isAside() ? Push.ASIDE : Push.DONE;
        Duration wait = work.isWaiting() ? parts.backoff().after(push.attempts(), Duration.ZERO) : null;
        if (!parts.ledger().pushes().settle(push, state, work.detail(), wait)) {
            LOG.warn("{} was taken over by another node", push);
        } else if (!work.isWaiting()) {
            LOG.info("{} {}", push, state);
        }
    }

    private void later(PushWork work, int number) throws IOException {
        if (isOld(work.push())) {
            putAside(work, number, "order-busy", "its order did not come to rest in time", List.of());
        } else {
            work.waits(number);
        }
    }

    private ObjectNode partial(PushWork work, String kind, JsonNode entry, Stored stored) throws IOException {
        Push push = work.push();
        Carrier carrier = parts.carriers().get(push.carrier());
        ObjectNode order = JsonNodeFactory.instance.objectNode();
        order.setAll(parts.orders()
                .parse(stored.key(), stored.payload(), stored.source())
                .document());
        order.put("carrier", stored.carrier()).put("service", stored.service());
        ObjectNode shipment = (ObjectNode) json(stored.shipment());
        Map<String, String> account = parts.settings().account(stored.key().account(), push.carrier());
        return carrier.pushed(kind, work.content(), entry, order, shipment, account);
    }

    /** The order that an entry names: of the push's account, or of another that is the same one at the carrier. */
    private Optional<OrderKey> order(Push push, Names names) {
        PushDeclaration declared = parts.carriers().get(push.carrier()).pushes().orElseThrow();
        Map<String, String> own = parts.settings().account(push.account(), push.carrier());
        return Stream.concat(
                        Stream.of(push.account()),
                        PushIntake.accounts(parts.settings(), push.carrier()).stream()
                                .filter(each -> declared.isSame(own, parts.settings().account(each, push.carrier()))))
                .filter(account -> names.reference() != null)
                .flatMap(account -> parts.ledger().queries().byReference(push.carrier(), account, names.reference()).stream())
                .findFirst();
    }

    private void putAside(PushWork work, int number, String cause, String why, List<Fault> faults) throws IOException {
        Push push = work.push();
        byte[] bytes = number == WHOLE ? push.body() : bytes(work, number);
        String name = "push-" + push.id().substring(0, 12) + (number == WHOLE ? "" : "-" + (number + 1));
        DeadLetter letter = new DeadLetter(
                push.account(),
                name,
                0,
                bytes,
                "push",
                cause,
                push + (number == WHOLE ? "" : ", entry " + (number + 1)) + ": " + why,
                faults,
                null,
                "what it says was not applied; 'waybill replay --push " + push.id().substring(0, 12)
                        + "' tries it again",
                "push/" + push.carrier());
        parts.ledger().append(parts.deadLetters().write(letter));
        work.aside(number, cause);
        parts.tally().pushed(push.carrier(), "aside");
        LOG.warn("{} entry={} is put aside: {}", push, number, cause);
    }

    private byte[] bytes(PushWork work, int number) {
        return parts.carriers()
                .get(work.push().carrier())
                .pushes()
                .orElseThrow()
                .entries(work.content())
                .get(number)
                .toString()
                .getBytes(StandardCharsets.UTF_8);
    }

    private static JsonNode json(String text) {
        try {
            return text == null ? MissingNode.getInstance() : Json.strict(16 << 20, 12 << 20).readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("what the ledger keeps is no JSON", e);
        }
    }

    private boolean isOld(Push push) {
        return push.receivedAt().plus(parts.backoff().age()).isBefore(parts.clock().instant());
    }
}
