package io.waybill.operate;

import java.util.List;
import java.util.Map;

/** What operators can ask and decide; {@code io.waybill:type=Operations}. Whatever changes something takes a reason. */
public interface OperationsMBean {

    /** How many orders are in each state. */
    Map<String, Long> getOrders();

    /** The orders in doubt, the oldest first: id, account, reissue, carrier and since when, separated by tabs. */
    List<String> listInDoubt();

    /** The orders that go on by themselves later, the next one first: id, account, reissue, carrier, state, attempts, when. */
    List<String> listWaiting();

    /**
     * The dead letters that nobody has replayed, the latest first: id, account, reissue, stage, cause, when, file, message.
     *
     * @param cause only those of this cause; all if it is empty
     */
    List<String> listDeadLetters(String cause);

    /** The whole chain of an order as JSON: acceptance, calls, label, tracking, charges, dead letters, who and why. */
    String trace(String account, String orderId, int reissue);

    /**
     * Begins a dead order again where it stopped; what is booked is not booked again.
     *
     * @param user who asks for it
     * @param reason why; stays in the order's history
     */
    String replay(String account, String orderId, int reissue, String user, String reason);

    /**
     * Begins again all dead orders of a cause, at most {@value Operations#LISTED} at a time.
     *
     * @return one line an order
     */
    List<String> replayCause(String cause, String user, String reason);

    /** What is wrong with the history and the label files of one order, one sentence each; empty if all of it stands. */
    List<String> audit(String account, String orderId, int reissue);

    /** The same for every order of the ledger; the last line says how many were looked at. */
    List<String> auditAll();

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
     * Cancels an order: at once where nothing was sent, else its carrier is asked to.
     *
     * @param user who asks for it
     * @param reason why; stays in the order's history
     * @return which of these, or that its carrier declares no way to
     */
    String cancel(String account, String orderId, int reissue, String user, String reason);

    /**
     * Says what became of a cancellation in doubt.
     *
     * @param cancelled whether the carrier has cancelled the order
     */
    String settleCancel(String account, String orderId, int reissue, boolean cancelled, String user, String reason);

    /**
     * The pushes of carriers, the latest first, one a line: id, carrier, account, when, attempts, what was put aside of it.
     *
     * @param state {@code stored}, {@code done} or {@code aside}
     */
    List<String> listPushes(String state);

    /**
     * Applies a push of which something was put aside once more; what is applied changes nothing.
     *
     * @param id its id, or the first twelve characters of it
     * @param user who decides
     * @param reason why; stays with the push
     */
    String replayPush(String id, String user, String reason);

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
