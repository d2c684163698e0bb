package io.waybill.operate;

import io.waybill.ledger.Queries;
import java.util.List;
import java.util.Map;

/** What is not over, in rows: orders in doubt, orders that wait, dead letters, pushes. */
record Lists(Queries queries) {

    /** How many lines a list has at most. */
    static final int LISTED = 1000;

    List<Map<String, Object>> inDoubt() {
        return queries.inDoubt().stream()
                .map(stored -> Row.of(
                        stored.key(),
                        "carrier",
                        stored.carrier(),
                        "since",
                        stored.updatedAt(),
                        "call",
                        queries.callInDoubt(stored.key()).orElse(null)))
                .toList();
    }

    List<Map<String, Object>> waiting() {
        return queries.waiting(LISTED).stream()
                .map(stored -> Row.of(
                        stored.key(),
                        "carrier",
                        stored.carrier(),
                        "state",
                        stored.state(),
                        "attempts",
                        stored.attempts(),
                        "due",
                        stored.dueAt()))
                .toList();
    }

    List<Map<String, Object>> deadLetters(String cause) {
        return queries.deadLetters().unreplayed(cause, LISTED).stream()
                .map(dead -> Row.of(
                        dead.key(),
                        "stage",
                        dead.stage(),
                        "cause",
                        dead.cause(),
                        "at",
                        dead.at(),
                        "file",
                        dead.file(),
                        "message",
                        dead.message()))
                .toList();
    }

    List<Map<String, Object>> pushes(String state) {
        return queries.pushes(state, LISTED).stream()
                .map(push -> Row.of(
                        "push",
                        push.id().substring(0, 12),
                        "carrier",
                        push.carrier(),
                        "account",
                        push.account(),
                        "received",
                        push.receivedAt(),
                        "attempts",
                        push.attempts(),
                        "aside",
                        push.detail()))
                .toList();
    }
}
