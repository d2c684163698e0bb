package io.waybill.operate;

import io.waybill.ledger.Buried;
import io.waybill.ledger.Ledger;
import io.waybill.order.OrderKey;
import java.util.List;
import java.util.Map;

/** What is begun again by hand: dead orders, one or all of a cause, and pushes of which something was put aside. */
record Replays(Ledger ledger, DeadOrders dead) {

    String replay(OrderKey key, String reason) {
        Reason given = Reason.given("order " + key, reason);
        if (!ledger.outOfTurn().replay(key, given.detail())) {
            throw new IllegalArgumentException(notReplayed(key));
        }
        return replayed(key);
    }

    List<String> replayCause(String cause, String reason) {
        Reason given = Reason.given("cause '" + cause + "'", reason);
        return dead.each(cause, key -> replayed(key, given));
    }

    Map<String, Object> replayCauseAfter(String cause, OrderKey last, String reason) {
        Reason given = Reason.given("cause '" + cause + "'", reason);
        return dead.walk(cause, last, key -> replayed(key, given));
    }

    String replayPush(String id, String reason) {
        Reason given = Reason.given("push", reason);
        if (id == null || !id.matches("[0-9a-f]{12,64}")) {
            throw new IllegalArgumentException("a push is named by the first twelve characters of its id");
        }
        if (!ledger.pushes().replay(id, given.by(), given.why())) {
            throw new IllegalArgumentException("push " + id + ": nothing of it was put aside");
        }
        return "push " + id + ": is applied once more";
    }

    private String replayed(OrderKey key, Reason reason) {
        return ledger.outOfTurn().replay(key, reason.detail()) ? replayed(key) : notReplayed(key);
    }

    private static String replayed(OrderKey key) {
        return "order " + key + ": begins again where it stopped";
    }

    private String notReplayed(OrderKey key) {
        return "order " + key + ": "
                + ledger.queries()
                        .find(key)
                        .map(stored -> stored.forgottenAt() != null
                                ? "its content was removed, since it is old; it may come again as a file"
                                : stored.state().equals("dead-letter")
                                        ? "it was not begun again; if that stays so, its content cannot be read, and it may come"
                                                + " again as a file"
                                        : "it is no dead letter but " + stored.state())
                        .or(() ->
                                dead.letters().strays(key).stream().findFirst().map(Replays::mended))
                        .orElse("nobody knows it");
    }

    /** There is nothing in the ledger to begin again. */
    private static String mended(Buried letter) {
        return "it never became an order; " + letter.next()
                + (letter.file().isEmpty() ? "" : " (" + letter.file() + ")");
    }
}
