package io.waybill.route;

import io.waybill.ledger.Ledger;
import io.waybill.ledger.LedgerUnavailable;
import io.waybill.ledger.Push;
import io.waybill.mapping.Carriers;
import io.waybill.mapping.PushDeclaration;
import io.waybill.mapping.PushDeclaration.Content;
import io.waybill.settings.Settings;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The steps of the route {@code push}: a push is answered once it is known to be genuine and is durable, and no sooner.
 *
 * <p>The account is the one that the path names; else the one that the push names and whose key proves it; else {@code
 * default}. What the push says is looked at later, so that no carrier waits for an order.
 */
final class PushIntake {

    private static final Logger LOG = LoggerFactory.getLogger(PushIntake.class);
    private static final Duration PATIENCE = Duration.ofSeconds(8);
    private static final int UNAVAILABLE = 503;

    private final Ledger ledger;
    private final Carriers carriers;
    private final Settings settings;
    private final Tally tally;
    private final Clock clock;

    PushIntake(Ledger ledger, Carriers carriers, Settings settings, Tally tally, Clock clock) {
        this.ledger = ledger;
        this.carriers = carriers;
        this.settings = settings;
        this.tally = tally;
        this.clock = clock;
    }

    /** {@code verify-push}: sets the variables {@code account} and {@code content}. */
    @SuppressWarnings("unchecked")
    void verify(Exchange exchange) {
        String carrier = exchange.getVariable("carrier", String.class);
        String secret = exchange.getVariable("secret", String.class);
        Map<String, String> headers = exchange.getVariable("headers", Map.class);
        PushDeclaration declared = declared(carrier);
        Content content = declared.read(exchange.getMessage().getBody(byte[].class));
        String account = candidates(carrier, exchange.getVariable("account", String.class)).stream()
                // all are asked, so that the time tells nothing
                .filter(each -> declared.genuine(content, headers, secret, settings.account(each, carrier)))
                .toList()
                .stream()
                .findFirst()
                .orElseThrow(() -> new PushRefused(401, "a push to " + carrier + " proves nothing"));
        exchange.setVariable("account", account);
        exchange.setVariable("content", content);
    }

    /** {@code store-push}: it is durable when this returns. */
    void store(Exchange exchange) {
        String carrier = exchange.getVariable("carrier", String.class);
        String account = exchange.getVariable("account", String.class);
        Push push = Push.of(carrier, account, exchange.getMessage().getBody(byte[].class), clock.instant());
        boolean isNew = ledger.pushes().store(push, PATIENCE);
        tally.pushed(carrier, isNew ? "stored" : "repeated");
        LOG.info("{} account={} {} bytes {}", push, account, push.body().length, isNew ? "stored" : "came again");
    }

    /** {@code answer-push}: the body becomes what the carrier wants to hear. */
    void answer(Exchange exchange) {
        String carrier = exchange.getVariable("carrier", String.class);
        String account = exchange.getVariable("account", String.class);
        Content content = exchange.getVariable("content", Content.class);
        exchange.getMessage()
                .setBody(declared(carrier).answer(content, settings.account(account, carrier), clock.instant()));
    }

    /** {@code refuse-push}: only a status, nothing that a stranger could learn from. */
    void refuse(Exchange exchange) {
        Throwable why = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        int status = why instanceof PushRefused refused ? refused.status() : UNAVAILABLE;
        String carrier = exchange.getVariable("carrier", String.class);
        tally.pushed(carrier, why instanceof PushRefused ? "refused" : "put-off");
        if (why instanceof PushRefused || why instanceof LedgerUnavailable) {
            LOG.warn("push to {} is answered {}: {}", Logged.text(carrier), status, why.getMessage());
        } else {
            LOG.error("push to {} is answered {}: {}", Logged.text(carrier), status, why.toString());
        }
        exchange.getMessage().removeHeaders("*", "CamelRedeliver*");
        exchange.getMessage().setHeader(Exchange.HTTP_RESPONSE_CODE, status);
        exchange.getMessage().setBody(null);
    }

    private PushDeclaration declared(String carrier) {
        boolean enabled = Boolean.parseBoolean(settings.get("waybill.carrier." + carrier + ".enabled", "true"));
        return Optional.of(carrier)
                .filter(id -> enabled && carriers.ids().contains(id))
                .flatMap(id -> carriers.get(id).pushes())
                .orElseThrow(() -> new PushRefused(404, "nobody expects pushes for it"));
    }

    private Collection<String> candidates(String carrier, String named) {
        return named == null ? accounts(settings, carrier) : List.of(named);
    }

    /** The accounts that have settings at a carrier. */
    static Collection<String> accounts(Settings settings, String carrier) {
        TreeSet<String> accounts = new TreeSet<>();
        settings.below("waybill.account.").keySet().forEach(name -> {
            String[] words = name.split("\\.", 3);
            if (words.length == 3 && words[1].equals(carrier)) {
                accounts.add(words[0]);
            }
        });
        return accounts;
    }
}
