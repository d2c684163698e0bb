package io.waybill.operate;

import java.util.List;
import java.util.Map;

/**
 * What operators can ask and decide; {@code io.waybill:type=Operations}. Whatever changes something takes a reason, which
 * stays in the history with the name of who logged in at the management port.
 */
@Says("What operators can ask and decide. Whatever changes something takes a reason, which stays in the history"
        + " with the name of who logged in.")
public interface OperationsMBean {

    @Says("how many orders are in each state")
    Map<String, Long> getOrders();

    @Says("for how many seconds the oldest waiting order waits; 0 if there is none")
    long getOldestWaitingSeconds();

    @Says("for how many seconds the oldest order or cancellation in doubt is so; 0 if there is none")
    long getOldestInDoubtSeconds();

    @Says("how many dead letters nobody has replayed or dismissed, by cause")
    Map<String, Long> getDeadLetters();

    @Says("The orders in doubt, and those whose cancellation is (call: cancel; settleCancel ends it), the oldest first:"
            + " order, account, reissue, carrier, since, call.")
    List<Map<String, Object>> listInDoubt();

    @Says(
            "The orders that go on by themselves later, the next one first, at most 1000: order, account, reissue, carrier,"
                    + " state, attempts, due.")
    List<Map<String, Object>> listWaiting();

    @Says(
            "The dead letters that nobody has replayed or dismissed, the latest first, at most 1000: order, account, reissue,"
                    + " stage, cause, at, letter (its id), file, message, fault (the first one).")
    List<Map<String, Object>> listDeadLetters(@Says("only those of this cause; all if it is empty") String cause);

    @Says(
            "The whole chain of an order as JSON: acceptance, calls, label, tracking, charges, dead letters, who and why.")
    String trace(
            @Says("whose order it is") String account,
            @Says("the order_id") String orderId,
            @Says("0 for the first shipment") int reissue);

    @Says("Begins a dead order again where it stopped; what is booked is not booked again.")
    String replay(
            @Says("whose order it is") String account,
            @Says("the order_id") String orderId,
            @Says("0 for the first shipment") int reissue,
            @Says("why; stays in the order's history") String reason);

    @Says("Begins again all dead orders of a cause, at most 1000 at a time; one line an order.")
    List<String> replayCause(
            @Says("as listDeadLetters shows it") String cause,
            @Says("why; stays in the history of each order") String reason);

    @Says(
            "The same for the next of them, for some seconds: looked (how many), findings (one line an order), and where to go"
                    + " on (account, order, reissue; no account at the end).")
    Map<String, Object> replayCauseAfter(
            @Says("as listDeadLetters shows it") String cause,
            @Says("where the last page ended; empty at the beginning") String account,
            @Says("where the last page ended; empty at the beginning") String orderId,
            @Says("where the last page ended; -1 at the beginning") int reissue,
            @Says("why; stays in the history of each order") String reason);

    @Says(
            "Ends that other content under the identity of an order (cause conflict) is among the dead letters, since somebody"
                    + " dealt with it. The order stands as it came first; row and files of the dead letter stay.")
    String dismiss(
            @Says("whose order it is") String account,
            @Says("the order_id") String orderId,
            @Says("0 for the first shipment") int reissue,
            @Says("why; stays in the order's history") String reason);

    @Says(
            "Ends that what never became an order (unreadable, invalid, set aside) is among the dead letters, since somebody dealt"
                    + " with it. Row and files stay, and who and why with the row.")
    String dismissLetter(
            @Says("its id, as listDeadLetters shows it") String letter,
            @Says("why; stays with the dead letter") String reason);

    @Says("What a replay of an order would send beside what was sent then, as JSON; asks nobody and changes nothing."
            + " Values that differ are shown, secrets are not.")
    String dryRun(
            @Says("whose order it is") String account,
            @Says("the order_id") String orderId,
            @Says("0 for the first shipment") int reissue);

    @Says("The same for all dead orders of a cause, at most 1000, one sentence an order, without values.")
    List<String> dryRunCause(@Says("as listDeadLetters shows it") String cause);

    @Says("The same for the next of them, for some seconds, as replayCauseAfter.")
    Map<String, Object> dryRunCauseAfter(
            @Says("as listDeadLetters shows it") String cause,
            @Says("where the last page ended; empty at the beginning") String account,
            @Says("where the last page ended; empty at the beginning") String orderId,
            @Says("where the last page ended; -1 at the beginning") int reissue);

    @Says(
            "What is wrong with the history and the label files of one order, one sentence each; empty if all of it stands.")
    List<String> audit(
            @Says("whose order it is") String account,
            @Says("the order_id") String orderId,
            @Says("0 for the first shipment") int reissue);

    @Says(
            "The same for the next orders of the ledger, for some seconds: looked (how many), findings, and where to go on"
                    + " (account, order, reissue; no account at the end).")
    Map<String, Object> auditAfter(
            @Says("where the last page ended; empty at the beginning") String account,
            @Says("where the last page ended; empty at the beginning") String orderId,
            @Says("where the last page ended; -1 at the beginning") int reissue);

    @Says(
            "The charges and refunds of a period, a row for each account, carrier and currency: account, carrier, currency,"
                    + " orders, charges, estimates, refunds, net, open.")
    List<Map<String, Object>> report(
            @Says("RFC 3339, included") String from, @Says("RFC 3339, not included") String to);

    @Says("What ledger, label files, outbox and charges say of the next orders, for some seconds: looked (how many),"
            + " findings, and where to go on (account, order, reissue; no account at the end).")
    Map<String, Object> reconcileAfter(
            @Says("where the last page ended; empty at the beginning") String account,
            @Says("where the last page ended; empty at the beginning") String orderId,
            @Says("where the last page ended; -1 at the beginning") int reissue,
            @Says("whether answers are expected in the outbox; false where somebody takes them away") boolean answers);

    @Says("Decides about an order in doubt.")
    String resolve(
            @Says("whose order it is") String account,
            @Says("the order_id") String orderId,
            @Says("0 for the first shipment") int reissue,
            @Says("adopt (the carrier has it), rebook (it surely has it not) or abandon (it becomes a dead letter)")
                    String decision,
            @Says("with adopt, the carrier's id of it; else empty") String carrierOrderId,
            @Says("why; stays in the order's history") String reason);

    @Says(
            "Cancels an order: at once where nothing was sent, else its carrier is asked to, also of a dead one that lacks only"
                    + " its label (label-refused): order, account, reissue, state (confirmed, requested, or unsupported"
                    + " where the carrier has no way to be asked), says.")
    Map<String, Object> cancel(
            @Says("whose order it is") String account,
            @Says("the order_id") String orderId,
            @Says("0 for the first shipment") int reissue,
            @Says("why; stays in the order's history") String reason);

    @Says("Says what became of a cancellation in doubt: order, account, reissue, state (confirmed or refused), says.")
    Map<String, Object> settleCancel(
            @Says("whose order it is") String account,
            @Says("the order_id") String orderId,
            @Says("0 for the first shipment") int reissue,
            @Says("whether the carrier has cancelled the order") boolean cancelled,
            @Says("why; stays in the order's history") String reason);

    @Says(
            "The pushes of carriers, the latest first: push, carrier, account, received, attempts, aside (what was put aside).")
    List<Map<String, Object>> listPushes(@Says("stored, done or aside") String state);

    @Says("Applies a push of which something was put aside once more; what is applied changes nothing.")
    String replayPush(
            @Says("its id, or the first twelve characters of it") String id,
            @Says("why; stays with the push") String reason);

    @Says("Pauses a carrier by hand, for all nodes and over restarts.")
    String pause(
            @Says("the name of its folder") String carrier, @Says("why; stays in the carrier's history") String reason);

    @Says("Lets a paused carrier work again.")
    String resume(
            @Says("the name of its folder") String carrier, @Says("why; stays in the carrier's history") String reason);

    @Says(
            "The routes of this node: route, state, and who started or stopped it last by hand (what, at, by, reason); while"
                    + " routes are traced, a last row '*' says who wanted that.")
    List<Map<String, Object>> listRoutes();

    @Says(
            "Stops a route of this node, until it is started by hand or the node starts again; what it has in hand goes its"
                    + " way first. To keep orders from a carrier, pause it instead.")
    String stopRoute(
            @Says("as listRoutes shows it") String route, @Says("why; stays in the route's history") String reason);

    @Says("Starts a route of this node that was stopped by hand.")
    String startRoute(
            @Says("as listRoutes shows it") String route, @Says("why; stays in the route's history") String reason);

    @Says("Switches the trace of this node's routes on or off: which order passed which step. It ends with the node.")
    String switchTrace(
            @Says("whether routes are traced from now on") boolean on,
            @Says("why; stays in the routes' history") String reason);

    @Says(
            "Takes up the carrier folders that were edited since this node started or took them up, for this node only; one with"
                    + " a finding, or with a case that does not hold, stays as it was. Of each edited folder: carrier, state"
                    + " (taken-up or refused), says; nothing where none was edited.")
    List<Map<String, Object>> reloadMappings(@Says("why; stays in the carrier's history") String reason);
}
