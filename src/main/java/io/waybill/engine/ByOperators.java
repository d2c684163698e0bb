package io.waybill.engine;

import io.waybill.operate.Operations;
import io.waybill.order.OrderKey;
import io.waybill.route.Cancellations;
import io.waybill.route.Decisions;

/** Carries out what operators decide about orders in doubt and about voids. */
record ByOperators(Decisions decisions, Cancellations cancellations)
        implements Operations.Resolver, Operations.Canceller {

    @Override
    public String resolve(OrderKey key, String decision, String carrierOrderId, String user, String reason) {
        return switch (decision) {
            case "adopt" -> decisions.adopt(key, carrierOrderId, user, reason);
            case "rebook" -> decisions.rebook(key, user, reason);
            case "abandon" -> decisions.abandon(key, user, reason);
            default -> throw new IllegalArgumentException(
                    "decision '" + decision + "': expected adopt, rebook or abandon");
        };
    }

    @Override
    public Operations.Cancelled cancel(OrderKey key, String user, String reason) {
        return told(cancellations.cancel(key, user, reason));
    }

    @Override
    public Operations.Cancelled settle(OrderKey key, boolean cancelled, String user, String reason) {
        return told(cancellations.settle(key, cancelled, user, reason));
    }

    private static Operations.Cancelled told(Cancellations.Told told) {
        return new Operations.Cancelled(told.state(), told.says());
    }
}
