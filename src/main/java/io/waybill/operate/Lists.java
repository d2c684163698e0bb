package io.waybill.operate;

import io.waybill.ledger.Doubt;
import io.waybill.ledger.Queries;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What is not over, in rows: orders and voids in doubt, orders that wait, dead letters, pushes. */
record Lists(Queries queries) {

    /** How many lines a list has at most. */
    static final int LISTED = 1000;

    List<Map<String, Object>> inDoubt() {
        Stream<Doubt> orders = queries.inDoubt().stream()
                .map(stored -> new Doubt(
                        stored.key(),
                        stored.carrier(),
                        stored.updatedAt(),
                        queries.callInDoubt(stored.key()).orElse(null)));
        return Stream.concat(orders, queries.voidsInDoubt(LISTED).stream())
                .sorted(Comparator.comparing(Doubt::since))
                .map(doubt ->
                        Row.of(doubt.key(), "carrier", doubt.carrier(), "since", doubt.since(), "call", doubt.call()))
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
                        "letter",
                        dead.id(),
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
