package io.waybill.push;

/** What other packages let a simulated KDNiao tell. */
public final class Pusher {

    private final Carrier carrier;

    public Pusher(int port) {
        carrier = new Carrier(port);
    }

    /** Tells what an order costs; the status of the answer. */
    public int fee(String order, String cost) {
        var fees = Carrier.entry(order, 301, "2026-01-02 10:00:00").put("Cost", cost);
        return carrier.push("103", Carrier.data("2026-01-02 10:00:01", Carrier.list(fees)))
                .statusCode();
    }
}
