package io.waybill.ledger;

import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/**
 * Dead letters of inputs that never became an order: a person deals with them, since nothing can be begun again from the ledger.
 *
 * <ol>
 *   <li>{@link #dismiss} ends that one is open. Its row and its files stay; when the very same input comes again, it is open again.
 *   <li>There is no order, and so no history: who and why stand in its row.
 *   <li>One that claimed the identity of an order before that was taken in, or replayed, is open no more; one that came after is.
 *   <li>One of an order is not dismissed here: the order is replayed, or its {@link Conflicts} are dismissed.
 * </ol>
 */
public final class Strays {

    private final GroupCommit commits;
    private final Queries queries;
    private final Supplier<Instant> now;

    Strays(GroupCommit commits, Queries queries, Supplier<Instant> now) {
        this.commits = commits;
        this.queries = queries;
        this.now = now;
    }

    /**
     * Dismisses one.
     *
     * @param id as {@link Buried#id}
     * @throws IllegalArgumentException with a sentence for the operator if there is nothing to dismiss
     */
    public Buried dismiss(String id, String user, String reason) {
        Buried letter = queries.deadLetters().find(id).orElseThrow(() -> refused(id, "there is none of this id"));
        if (letter.order() != null
                && !letter.dismissed()
                && !queries.deadLetters().isStray(id)) {
            throw refused(id, "it is of order " + letter.key() + ", " + instead(letter));
        }
        if (letter.dismissed() || !write(id, user, reason)) {
            throw refused(id, "it is dismissed already");
        }
        ChangeLog.tell(letter.key(), "dismissed", null, null, "{\"cause\":\"" + letter.cause() + "\"}");
        return letter;
    }

    private static String instead(Buried letter) {
        if (letter.cause().equals("conflict")) {
            return "whose conflicts are dismissed together by its order_id";
        }
        return letter.order().equals("dead-letter") && !letter.cameIn()
                ? "which is replayed and not dismissed"
                : "which is " + letter.order() + " since; it is open no more";
    }

    private boolean write(String id, String user, String reason) {
        Sql dismissed = Sql.of(
                "update dead_letter set dismissed_at = ?, dismissed_by = ?, dismissed_why = ?"
                        + " where id = ? and dismissed_at is null",
                Statements.time(now.get()),
                user,
                reason,
                id);
        return GroupCommit.await(commits.submit(new Write("dead letter " + id, dismissed, List.of())));
    }

    private static IllegalArgumentException refused(String id, String why) {
        return new IllegalArgumentException("dead letter " + id + ": " + why);
    }
}
