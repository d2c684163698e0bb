package io.waybill.route;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.ledger.Alerts;
import io.waybill.ledger.Alerts.Notice;
import io.waybill.ledger.CarrierState;
import io.waybill.ledger.Delays;
import io.waybill.ledger.Doubt;
import io.waybill.ledger.Ledger;
import io.waybill.ledger.LedgerUnavailable;
import io.waybill.ledger.Overdue;
import io.waybill.order.OrderKey;
import io.waybill.settings.Settings;
import io.waybill.settings.WordList;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The steps of the routes {@code alerts*}: find what people should know, and tell it once.
 *
 * <p>A notice names orders by their keys and carriers by their names; nothing else of an order is in it.
 */
final class Alerting {

    private static final Logger LOG = LoggerFactory.getLogger(Alerting.class);
    private static final int MOST = 10_000;
    private static final int NOTICES = 100;

    /** Orders that ended longer ago are left alone. */
    private static final Duration HORIZON = Duration.ofDays(90);

    private final Ledger ledger;
    private final Settings settings;
    private final Clock clock;
    private final List<String> channels;
    private Instant nextLate = Instant.EPOCH;

    Alerting(Ledger ledger, Settings settings, Clock clock) {
        this.ledger = ledger;
        this.settings = settings;
        this.clock = clock;
        this.channels = WordList.CHANNELS.of(settings);
    }

    /** {@code find-alerts}: the body becomes the notices that are to be told. */
    void find(Exchange exchange) {
        try {
            Instant now = clock.instant();
            if (!channels.isEmpty()) {
                orders(now);
                carriers(now);
                late(now);
            }
            exchange.getMessage().setBody(ledger.alerts().due(now, NOTICES));
        } catch (LedgerUnavailable away) {
            LOG.debug("alerts are looked for again: {}", away.getMessage());
            exchange.getMessage().setBody(List.of());
        }
    }

    private void orders(Instant now) {
        long doubt = settings.number("waybill.alerts.in-doubt-minutes");
        if (doubt > 0) {
            Instant before = now.minus(Duration.ofMinutes(doubt));
            settle("in-doubt", ledger.queries().delays().inDoubt(before, MOST), now);
            settle("cancel-in-doubt", voids(before), now);
        }
        long dead = settings.number("waybill.alerts.dead-letters-an-hour");
        if (dead > 0) {
            boolean many = ledger.queries().deadLetters().since(now.minus(Duration.ofHours(1))) > dead;
            ledger.alerts().settle("dead-letters", many ? List.of("all") : List.of(), true, channels, now);
        }
    }

    /** The orders whose void is in doubt since before a moment. */
    private List<OrderKey> voids(Instant before) {
        return ledger.queries().voidsInDoubt(MOST).stream()
                .filter(doubt -> doubt.since().isBefore(before))
                .map(Doubt::key)
                .toList();
    }

    private void carriers(Instant now) {
        Instant before = now.minusSeconds(settings.number("waybill.alerts.paused-seconds"));
        List<String> paused = ledger.pauses().all().stream()
                .filter(state -> state.isPaused() && !state.since().isAfter(before))
                .map(CarrierState::carrier)
                .toList();
        ledger.alerts().settle("carrier-paused", paused, true, channels, now);
    }

    private void late(Instant now) {
        if (now.isBefore(nextLate)) {
            return;
        }
        nextLate = now.plusSeconds(settings.number("waybill.alerts.late-poll-seconds"));
        settle(
                "overdue",
                ledger.queries().delays().overdue(now, MOST).stream()
                        .map(Overdue::key)
                        .distinct()
                        .toList(),
                now);
        Delays delays = ledger.queries().delays();
        long days = settings.number("waybill.alerts.no-movement-days");
        if (days > 0) {
            settle("no-movement", delays.unmoved(now.minus(Duration.ofDays(days)), now.minus(HORIZON), MOST), now);
        }
        long hours = settings.number("waybill.alerts.label-hours");
        if (hours > 0) {
            settle("no-label", delays.unlabelled(now.minus(Duration.ofHours(hours)), now.minus(HORIZON), MOST), now);
        }
    }

    private void settle(String kind, List<OrderKey> orders, Instant now) {
        List<String> subjects = orders.stream().map(OrderKey::text).toList();
        ledger.alerts().settle(kind, subjects, orders.size() < MOST, channels, now);
    }

    /**
     * {@code open-notice}: sets the variables {@code notice, channel, kind, event, headline} for the routes of the channels;
     * the body becomes the notice as text.
     */
    void open(Exchange exchange) {
        Notice notice = exchange.getMessage().getBody(Notice.class);
        exchange.setVariable("notice", notice);
        exchange.setVariable("channel", notice.channel());
        exchange.setVariable("kind", notice.kind());
        exchange.setVariable("event", notice.event());
        exchange.setVariable("headline", headline(notice));
        exchange.getMessage().removeHeaders("*", "CamelRedeliver*");
        exchange.getMessage().setBody(text(notice));
    }

    private String headline(Notice notice) {
        boolean raised = notice.event().equals(Alerts.RAISED);
        int number = notice.number();
        String orders = number == 1 ? "1 order" : number + " orders";
        String what =
                switch (notice.kind()) {
                    case "in-doubt" -> raised
                            ? orders + " in doubt for more than " + minutes("waybill.alerts.in-doubt-minutes")
                            : orders + " in doubt no more";
                    case "cancel-in-doubt" -> raised
                            ? cancellations(number) + " in doubt for more than "
                                    + minutes("waybill.alerts.in-doubt-minutes")
                            : cancellations(number) + " in doubt no more";
                    case "dead-letters" -> (raised ? "more than " : "no more than ")
                            + settings.get("waybill.alerts.dead-letters-an-hour") + " orders died within an hour";
                    case "carrier-paused" -> (raised ? "paused: " : "works again: ")
                            + String.join(", ", notice.subjects());
                    case "overdue" -> raised
                            ? orders + " without the number or the label that the carrier should have given by now"
                            : orders + " complete, or ended";
                    case "no-movement" -> raised
                            ? orders + " without a tracking event for "
                                    + settings.get("waybill.alerts.no-movement-days") + " days"
                            : orders + " moved, or ended";
                    default -> raised
                            ? orders + " without the label for " + settings.get("waybill.alerts.label-hours") + " hours"
                            : orders + " labelled, or ended";
                };
        return (raised ? "alert: " : "recovered: ") + what;
    }

    private static String cancellations(int number) {
        return number == 1 ? "1 cancellation" : number + " cancellations";
    }

    private String minutes(String setting) {
        return settings.get(setting) + " minutes";
    }

    private String text(Notice notice) {
        List<String> lines = new ArrayList<>();
        lines.add(headline(notice));
        lines.add("");
        if (!notice.kind().equals("dead-letters")) {
            lines.addAll(notice.subjects());
            if (notice.number() > notice.subjects().size()) {
                lines.add("and " + (notice.number() - notice.subjects().size()) + " more");
            }
            lines.add("");
        }
        lines.add("at " + notice.at());
        lines.add(
                switch (notice.kind()) {
                    case "in-doubt" -> "waybill resolve --list";
                    case "cancel-in-doubt" -> "ask the carrier, then say what it told:"
                            + " waybill cancel ORDER --account ACCOUNT --confirmed | --refused --reason \"...\"";
                    case "dead-letters" -> "waybill dead";
                    case "carrier-paused" -> "waybill status; waybill resume CARRIER --reason \"...\"";
                    default -> "waybill trace ORDER --account ACCOUNT";
                });
        return String.join("\n", lines) + "\n";
    }

    /** {@code sign-notice}: the body becomes JSON, the headers those of Standard Webhooks with the HMAC over all of it. */
    void sign(Exchange exchange) {
        Notice notice = exchange.getVariable("notice", Notice.class);
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("kind", notice.kind()).put("event", notice.event()).put("headline", headline(notice));
        json.put("number", notice.number()).put("at", notice.at().toString());
        notice.subjects().forEach(json.putArray("subjects")::add);
        Webhook.sign(exchange, notice.id(), json.toString(), settings.get("waybill.alerts.webhook.secret"), clock);
    }

    /** {@code notice-told}. */
    void told(Exchange exchange) {
        ledger.alerts().told(exchange.getVariable("notice", Notice.class));
    }

    /** {@code notice-untold}: it is tried again. */
    void untold(Exchange exchange) {
        Throwable failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        LOG.warn(
                "alert={} channel={} was not told, it is tried again: {}",
                exchange.getVariable("kind"),
                exchange.getVariable("channel"),
                failure.getClass().getSimpleName());
    }
}
