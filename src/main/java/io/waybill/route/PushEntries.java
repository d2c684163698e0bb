package io.waybill.route;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.ledger.Claim;
import io.waybill.ledger.Fenced;
import io.waybill.ledger.Ledger;
import io.waybill.ledger.LedgerUnavailable;
import io.waybill.ledger.Push;
import io.waybill.mapping.Carriers;
import io.waybill.mapping.MappingRefused;
import io.waybill.mapping.PushDeclaration;
import io.waybill.mapping.PushDeclaration.Names;
import io.waybill.order.Json;
import io.waybill.order.OrderKey;
import io.waybill.route.PushAside.Reason;
import io.waybill.settings.Settings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.support.SynchronizationAdapter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The steps that apply a stored push, each entry by itself.
 *
 * <ol>
 *   <li>{@link #take}: pushes that are due. Whoever takes one has it for two minutes; after a crash somebody else takes it, and
 *       applies all of it again, which changes nothing where it was applied.
 *   <li>{@link #cut}: the entries that are left of it.
 *   <li>{@link #find}: the order of an entry. Nobody knows it: the entry is put aside. Somebody works on it: the entry waits.
 *   <li>{@link #map}: what the entry says; the route {@code apply} lays it over the shipment.
 *   <li>{@link #settle}: done, put aside, or due again.
 * </ol>
 */
final class PushEntries {

    private static final Logger LOG = LoggerFactory.getLogger(PushEntries.class);
    private static final Duration LEASE = Duration.ofMinutes(2);
    private static final int MOST = 10;

    /** A push whose work broke off so often before anything was said of it is not tried again by itself. */
    private static final int MOST_BREAKDOWNS = 20;

    private final Ledger ledger;
    private final Carriers carriers;
    private final Settings settings;
    private final PushAside aside;
    private final Backoff backoff;
    private final Clock clock;

    PushEntries(Ledger ledger, Carriers carriers, Settings settings, PushAside aside, Backoff backoff, Clock clock) {
        this.ledger = ledger;
        this.carriers = carriers;
        this.settings = settings;
        this.aside = aside;
        this.backoff = backoff;
        this.clock = clock;
    }

    /** {@code take-pushes}: the body becomes the pushes that this node has now. */
    void take(Exchange exchange) {
        exchange.getMessage().setBody(ledger.pushes().take(MOST, LEASE));
    }

    /** {@code cut-push}: the body becomes the numbers of the entries that are left; sets the variable {@code push}. */
    void cut(Exchange exchange) throws IOException {
        Push push = exchange.getMessage().getBody(Push.class);
        PushWork work = new PushWork(push, declared(push).read(push.body()));
        if (!work.resume(json(push.detail()))) {
            begin(work);
        }
        exchange.setVariable("push", work);
        exchange.getMessage().setBody(work.waiting());
    }

    private void begin(PushWork work) throws IOException {
        PushDeclaration declared = declared(work.push());
        int entries = declared.entries(work.content()).size();
        if (work.push().attempts() > MOST_BREAKDOWNS) {
            aside.whole(work, "broke-down", "the work on it broke off again and again");
        } else if (entries == 0) {
            aside.whole(work, "unreadable", "it holds no entries that can be read");
        } else if (declared.kind(work.content()).isEmpty()) {
            aside.whole(work, "not-handled", "nothing declares what a push of this kind means");
        } else {
            work.begin(entries);
        }
    }

    /** {@code find-order}: the body is the number of an entry; sets {@code held}, and if so {@code claim} and its like. */
    void find(Exchange exchange) throws IOException {
        PushWork work = work(exchange);
        int number = exchange.getMessage().getBody(Integer.class);
        exchange.setVariable("entry", number);
        exchange.setVariable("held", false);
        Optional<OrderKey> key = order(work, entry(work, number));
        if (key.isEmpty()) {
            putAside(work, number, new Reason("unknown-order", "no order was booked under what it names"));
            return;
        }
        Optional<Claim> claim = ledger.outOfTurn().takeSettled(key.get());
        if (claim.isPresent()) {
            hold(
                    exchange,
                    claim.get(),
                    declared(work.push()).kind(work.content()).orElseThrow());
        } else if (isOld(work.push())) {
            putAside(work, number, new Reason("order-busy", "its order did not come to rest in time"));
        }
    }

    private void hold(Exchange exchange, Claim claim, String kind) {
        Current.set(exchange, claim);
        exchange.setVariable("carrier", claim.carrier());
        exchange.setVariable("operation", kind);
        exchange.setVariable("held", true);
        exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public void onDone(Exchange done) {
                letGo(claim);
            }
        });
    }

    /** {@code map-push}: the body becomes the part of a shipment that the entry tells. */
    void map(Exchange exchange) {
        PushWork work = work(exchange);
        Claim claim = Current.claim(exchange);
        int number = exchange.getVariable("entry", Integer.class);
        String kind = exchange.getVariable("operation", String.class);
        ObjectNode part = carriers.get(claim.carrier())
                .pushed(
                        kind,
                        work.content(),
                        entry(work, number),
                        MappingComponent.chosen(claim),
                        claim.result(),
                        settings.account(claim.key().account(), claim.carrier()));
        remember(carriers, claim, part);
        exchange.getMessage().setBody(part);
    }

    /** The numbers by which the carrier will name the order, as far as it names orders by them. */
    static void remember(Carriers carriers, Claim claim, ObjectNode part) {
        carriers.get(claim.carrier())
                .pushes()
                .map(PushDeclaration::numberFields)
                .orElse(List.of())
                .forEach(field -> {
                    String number = part.path(field).asText("");
                    if (!number.isEmpty()) {
                        claim.known(number);
                    }
                });
    }

    /** {@code note-applied}: what the route {@code apply} could not keep waits, and comes again. */
    void applied(Exchange exchange) {
        PushWork work = work(exchange);
        if (Boolean.TRUE.equals(exchange.getVariable("kept", Boolean.class))) {
            work.applied(exchange.getVariable("entry", Integer.class));
            aside.tally().pushed(work.push().carrier(), "applied");
        }
    }

    /** {@code judge-entry}: an entry that cannot be read is put aside; any other failure lets it wait. */
    void judge(Exchange exchange) throws IOException {
        PushWork work = work(exchange);
        int number = exchange.getVariable("entry", Integer.class);
        Throwable why = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        if (why instanceof MappingRefused refused) {
            putAside(work, number, new Reason("unreadable", "the entry cannot be read", refused.faults()));
        } else if (isOld(work.push()) && !(why instanceof LedgerUnavailable)) {
            putAside(work, number, new Reason("failed", "it could not be applied"));
        } else {
            LOG.warn("{} entry {} waits: {}", work, number + 1, Verdict.words(why));
        }
    }

    /** {@code settle-push}. */
    void settle(Exchange exchange) {
        PushWork work = work(exchange);
        Push push = work.push();
        Duration wait = work.waiting().isEmpty() ? null : backoff.after(push.attempts(), Duration.ZERO);
        if (ledger.pushes().settle(push, work.state(), work.detail(), wait)) {
            LOG.info("{} is {}", push, work.state());
        } else {
            LOG.warn("{} was taken over meanwhile", push);
        }
    }

    /** An order that was not let go on the way is let go as it was. */
    private void letGo(Claim claim) {
        if (ledger.claim(claim.key()).filter(held -> held == claim).isEmpty()) {
            return;
        }
        try {
            claim.endings().rest();
        } catch (Fenced | LedgerUnavailable e) {
            LOG.debug("order={} is let go: {}", Logged.text(claim.key().text()), e.getMessage());
        } finally {
            claim.release();
        }
    }

    /** The order that an entry names: of the push's account, or of another that is the same one at the carrier. */
    private Optional<OrderKey> order(PushWork work, JsonNode entry) {
        Push push = work.push();
        PushDeclaration declared = declared(push);
        Names names = declared.names(entry);
        Map<String, String> own = settings.account(push.account(), push.carrier());
        Stream<String> others = PushIntake.accounts(settings, push.carrier()).stream()
                .filter(each -> declared.isSame(own, settings.account(each, push.carrier())));
        return Stream.concat(Stream.of(push.account()), others)
                .flatMap(account -> named(push.carrier(), account, names))
                .findFirst();
    }

    private Stream<OrderKey> named(String carrier, String account, Names names) {
        Stream<OrderKey> byReference = Stream.ofNullable(names.reference())
                .flatMap(reference -> ledger.queries().byReference(carrier, account, reference).stream());
        Stream<OrderKey> byNumber = names.numbers().stream()
                .flatMap(number -> ledger.queries().byNumber(carrier, account, number).stream());
        return Stream.concat(byReference, byNumber);
    }

    private void putAside(PushWork work, int number, Reason reason) throws IOException {
        byte[] bytes = entry(work, number).toString().getBytes(StandardCharsets.UTF_8);
        aside.entry(work, number, bytes, reason);
    }

    private JsonNode entry(PushWork work, int number) {
        return declared(work.push()).entries(work.content()).get(number);
    }

    private PushDeclaration declared(Push push) {
        return carriers.get(push.carrier()).pushes().orElseThrow();
    }

    private boolean isOld(Push push) {
        return push.receivedAt().plus(backoff.age()).isBefore(clock.instant());
    }

    private static PushWork work(Exchange exchange) {
        return exchange.getVariable("push", PushWork.class);
    }

    private static JsonNode json(String text) {
        try {
            return Json.orders().readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("ledger: the detail of a push is no JSON", e);
        }
    }
}
