package io.waybill.route;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.ledger.Claim;
import io.waybill.sink.LabelKeeper;
import io.waybill.sink.LabelRefused;
import io.waybill.sink.News;
import io.waybill.sink.Rows;
import io.waybill.sink.ShipmentDocument;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The steps of the sinks: what a booking brought becomes a label file, rows and the answer. */
final class Sinks {

    private static final Logger LOG = LoggerFactory.getLogger(Sinks.class);

    private final LabelKeeper labels;
    private final Rows rows;
    private final Path outbox;

    Sinks(LabelKeeper labels, Rows rows, Path outbox) {
        this.labels = labels;
        this.rows = rows;
        this.outbox = outbox;
    }

    /** {@code store-label}. */
    void label(Exchange exchange) throws IOException {
        labels.store(Current.claim(exchange));
    }

    /** {@code tracking-rows}: the body becomes the rows, each a map of column to value. */
    void tracking(Exchange exchange) {
        Claim claim = Current.claim(exchange);
        News news = exchange.getVariable(LaterCommit.NEWS, News.class);
        exchange.getMessage()
                .setBody(
                        isFirst(claim, news)
                                ? rows.tracking(claim)
                                : rows.tracking(claim, news.events(), news.source()));
    }

    /** {@code charge-rows}: the body becomes the rows, each a map of column to value. */
    void charges(Exchange exchange) {
        Claim claim = Current.claim(exchange);
        News news = exchange.getVariable(LaterCommit.NEWS, News.class);
        exchange.getMessage().setBody(isFirst(claim, news) ? rows.charges(claim) : rows.charges(claim, news.charges()));
    }

    /** Whether nothing of the booking was written yet, so that all that is known of the shipment is. */
    private static boolean isFirst(Claim claim, News news) {
        return news == null || !claim.isSettled();
    }

    /** {@code shipment}: the body becomes the answer. */
    void shipment(Exchange exchange) {
        ObjectNode shipment = ShipmentDocument.of(Current.claim(exchange));
        Current.claim(exchange).answered(shipment.toString());
        exchange.getMessage().setBody(shipment);
    }

    /** {@code drop-half}: an answer that the disk did not take whole leaves nothing in the outbox. */
    void dropHalf(Exchange exchange) throws IOException {
        if (exchange.getProperty(Exchange.EXCEPTION_CAUGHT) == null) {
            return;
        }
        String account = exchange.getVariable("account", String.class);
        Files.deleteIfExists(outbox.resolve(account).resolve(".tmp-" + exchange.getExchangeId()));
    }

    /** {@code note-failure}: remembers which sink failed; the order is finished by the others and waits for this one. */
    void failed(Exchange exchange) {
        Claim claim = Current.claim(exchange);
        Throwable failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        String step = exchange.getProperty(Exchange.FAILURE_ROUTE_ID, String.class);
        if (failure instanceof LabelRefused) {
            claim.sinks().refused(step, failure.getMessage());
        } else {
            claim.sinks().failed(step, failure.getClass().getSimpleName() + " " + failure.getMessage());
        }
        LOG.warn("order={} sink={} failed: {}", Logged.text(claim.key().text()), step, failure.toString());
    }
}
