package io.waybill.route;

import io.waybill.ledger.Claim;
import org.apache.camel.Exchange;
import org.apache.camel.component.http.HttpActivityListener;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpResponse;

/**
 * The last look before a request leaves, on a connection that is open, right before its first byte.
 *
 * <p>A node that was stopped or slow between {@code journal-request} and this moment may have lost its order to another one,
 * which then finds out what became of the request: it must not leave after that.
 */
final class LastLook implements HttpActivityListener {

    /** The request was not sent, and never will be. */
    static final class TooLate extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private TooLate() {
            super("the node was stopped or slow for longer than its lease before the request left");
        }
    }

    @Override
    public void onRequestSubmitted(
            Object source, Exchange exchange, HttpHost host, HttpRequest request, HttpEntity entity) {
        Claim claim = exchange.getVariable(Current.CLAIM, Claim.class);
        if (claim != null && !claim.mayLeave()) {
            throw new TooLate();
        }
    }

    @Override
    public void onResponseReceived(
            Object source, Exchange exchange, HttpHost host, HttpResponse response, HttpEntity entity, long elapsed) {
        // the classifier judges it
    }
}
