package io.waybill.operate;

import java.util.List;
import java.util.Map;

/** What operators can ask and decide; {@code io.waybill:type=Operations}. Whatever changes something takes a reason. */
public interface OperationsMBean {

    /** How many orders are in each state. */
    Map<String, Long> getOrders();

    /** The orders in doubt, the oldest first: id, account, reissue, carrier and since when, separated by tabs. */
    List<String> listInDoubt();

    /**
     * Decides about an order in doubt.
     *
     * @param decision {@code adopt}, {@code rebook} or {@code abandon}
     * @param carrierOrderId with {@code adopt}, the carrier's id of it; else empty
     * @param user who decides
     * @param reason why; stays in the order's history
     */
    String resolve(
            String account,
            String orderId,
            int reissue,
            String decision,
            String carrierOrderId,
            String user,
            String reason);

    /**
     * Pauses a carrier by hand, see {@link CarrierMBean#pause}.
     *
     * @param user who decides
     * @param reason why; stays in the carrier's history
     */
    String pause(String carrier, String user, String reason);

    /** Lets a paused carrier work again, see {@link #pause}. */
    String resume(String carrier, String user, String reason);
}
