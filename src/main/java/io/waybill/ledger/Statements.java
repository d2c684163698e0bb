package io.waybill.ledger;

import io.waybill.order.Order;
import io.waybill.order.OrderKey;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** The ledger's SQL, one method a statement; the same text on every database. */
final class Statements {

    private static final String KEY = " where account = ? and order_id = ? and reissue = ?";
    private static final String UNCHANGED = KEY + " and epoch = ? and history_hash = ?";

    private Statements() {}

    /** Changes a row only if the order is new. No {@code values}: the driver would join such rows and not tell their counts. */
    static Sql insertOrder(Order order, String fingerprint, String owner, Instant now, History first) {
        return Sql.of(
                "insert into orders (account, order_id, reissue, state, source, fingerprint, payload, owner, epoch,"
                        + " attempts, lives, due_at, duplicates, history_seq, history_hash, accepted_at, updated_at)"
                        + " select ?, ?, ?, 'accepted', ?, ?, ?, ?, 1, 0, 0, ?, 0, ?, ?, ?, ? on conflict do nothing",
                order.key().account(),
                order.key().orderId(),
                order.key().reissue(),
                order.source(),
                fingerprint,
                order.raw(),
                owner,
                time(now),
                first.seq(),
                first.hash(),
                time(now),
                time(now));
    }

    /** Changes a row only if nobody else changed the order since the writer read it. */
    static Sql updateOrder(OrderKey key, OrderState to, long epoch, String hashBefore, History row) {
        return Sql.of(
                "update orders set state = ?, carrier = ?, service = ?, rule = ?, carrier_reference = ?, shipment = ?,"
                        + " owner = ?, attempts = ?, due_at = ?, history_seq = ?, history_hash = ?, updated_at = ?"
                        + UNCHANGED,
                with(
                        key,
                        List.of(epoch, hashBefore),
                        to.state(),
                        to.carrier(),
                        to.service(),
                        to.rule(),
                        to.reference(),
                        to.shipment(),
                        to.owner(),
                        to.attempts(),
                        time(to.dueAt()),
                        row.seq(),
                        row.hash(),
                        time(row.at())));
    }

    /**
     * Takes an order that nobody works on; a changed epoch fences off whoever did before.
     *
     * @param owner who works on it from now on, null if it only becomes due
     */
    static Sql take(Stored stored, Order content, String owner, History row) {
        boolean revived = stored.state().equals("dead-letter");
        return Sql.of(
                "update orders set state = ?, source = ?, fingerprint = ?, payload = ?, forgotten_at = null, owner = ?,"
                        + " epoch = epoch + 1, attempts = ?, accepted_at = ?, due_at = ?, history_seq = ?, history_hash = ?,"
                        + " updated_at = ?" + UNCHANGED,
                with(
                        stored.key(),
                        List.of(stored.epoch(), stored.historyHash()),
                        revived ? "accepted" : stored.state(),
                        content.source(),
                        content.fingerprint(),
                        content.raw(),
                        owner,
                        revived ? 0 : stored.attempts(),
                        time(revived ? row.at() : stored.acceptedAt()),
                        time(row.at()),
                        row.seq(),
                        row.hash(),
                        time(row.at())));
    }

    /** Takes out what an order that is over says of people, if it is still over. */
    static Sql forget(Stored stored, String remains, History row) {
        return Sql.of(
                "update orders set payload = '', shipment = ?, forgotten_at = ?, history_seq = ?, history_hash = ?"
                        + UNCHANGED + " and owner is null and due_at is null"
                        + " and state in ('completed', 'cancelled', 'dead-letter')",
                with(
                        stored.key(),
                        List.of(stored.epoch(), stored.historyHash()),
                        remains,
                        time(row.at()),
                        row.seq(),
                        row.hash()));
    }

    /** What else the ledger keeps of its content, its carrier's words and its way to the door. */
    static List<Sql> forgetRest(OrderKey key, boolean labels) {
        Object[] order = {key.account(), key.orderId(), key.reissue()};
        List<Sql> rest = new ArrayList<>();
        rest.add(Sql.of("update step set result = null, request = null, reason = null" + KEY, order));
        rest.add(Sql.of("update tracking_event set text = null, raw_status = null, location = null" + KEY, order));
        if (labels) {
            rest.add(Sql.of("update label set path = ''" + KEY, order));
        }
        return rest;
    }

    /** Changes nothing of an order but that its history has one more row. */
    static Sql addHistory(Stored stored, History row) {
        return Sql.of(
                "update orders set history_seq = ?, history_hash = ?" + UNCHANGED,
                with(stored.key(), List.of(stored.epoch(), stored.historyHash()), row.seq(), row.hash()));
    }

    /** Gives up, at a stop, what is not on its way to a carrier. */
    static Sql letGo(String owner) {
        return Sql.of(
                "update orders set owner = null, due_at = case when state = 'dead-letter' then null else due_at end"
                        + " where owner = ? and due_at is not null and not exists"
                        + " (select 1 from step s where s.account = orders.account and s.order_id = orders.order_id"
                        + " and s.reissue = orders.reissue and s.state = 'sent')",
                owner);
    }

    /** One more process died while it held the order. */
    static Sql countLife(OrderKey key) {
        return Sql.of("update orders set lives = lives + 1" + KEY, key.account(), key.orderId(), key.reissue());
    }

    /** The work on an order came to an end of some kind. */
    static Sql forgetLives(OrderKey key) {
        return Sql.of("update orders set lives = 0" + KEY, key.account(), key.orderId(), key.reissue());
    }

    /** As a replay does: an order that is old is not too old for what a person decided about it. */
    static Sql waitAnew(OrderKey key, Instant now) {
        return Sql.of(
                "update orders set accepted_at = ?" + KEY, time(now), key.account(), key.orderId(), key.reissue());
    }

    /** Takes an order for a follow-up; a changed epoch fences off whoever did before. The history does not grow. */
    static Sql takeQuietly(Stored stored, String owner, Instant now) {
        return Sql.of(
                "update orders set owner = ?, epoch = epoch + 1, due_at = ?" + UNCHANGED,
                with(stored.key(), List.of(stored.epoch(), stored.historyHash()), owner, time(now)));
    }

    /**
     * Lets an order go as it was, only that it is due at another time.
     *
     * @param over since when nothing more is asked of it, null if it still is or was not before
     */
    static Sql rest(OrderKey key, OrderState to, long epoch, String hash, Instant over) {
        return Sql.of(
                "update orders set owner = ?, due_at = ?, updated_at = coalesce(?, updated_at)" + UNCHANGED,
                with(key, List.of(epoch, hash), to.owner(), time(to.dueAt()), time(over)));
    }

    static Sql countDuplicate(OrderKey key) {
        return Sql.of(
                "update orders set duplicates = duplicates + 1" + KEY, key.account(), key.orderId(), key.reissue());
    }

    static Sql insertStep(OrderKey key, Step step, StepFacts facts, String owner, Instant now) {
        return Sql.of(
                "insert into step (account, order_id, reissue, step, state, attempt, owner, mapping_version,"
                        + " request_fingerprint, response_fingerprint, request, result, reason, since)"
                        + " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                key.account(),
                key.orderId(),
                key.reissue(),
                step.name(),
                step.state(),
                step.attempt(),
                owner,
                facts.mappingVersion(),
                facts.requestFingerprint(),
                facts.responseFingerprint(),
                facts.request(),
                facts.result(),
                facts.reason(),
                time(now));
    }

    /** Several steps of which only the state is kept. */
    static Sql insertDone(OrderKey key, List<Step> steps, String owner, Instant now) {
        List<Object> values = new ArrayList<>();
        for (Step step : steps) {
            values.addAll(List.of(
                    key.account(),
                    key.orderId(),
                    key.reissue(),
                    step.name(),
                    step.state(),
                    step.attempt(),
                    owner,
                    time(now)));
        }
        return Sql.of(
                "insert into step (account, order_id, reissue, step, state, attempt, owner, since) values "
                        + String.join(", ", Collections.nCopies(steps.size(), "(?, ?, ?, ?, ?, ?, ?, ?)")),
                values.toArray());
    }

    static Sql updateStep(OrderKey key, Step step, StepFacts facts, String owner, Instant now) {
        return Sql.of(
                "update step set state = ?, attempt = ?, owner = ?, mapping_version = coalesce(?, mapping_version),"
                        + " request_fingerprint = coalesce(?, request_fingerprint), response_fingerprint = ?,"
                        + (step.state().equals(Step.DONE) ? " request = ?," : " request = coalesce(?, request),")
                        + " result = ?, reason = ?, since = ?" + KEY + " and step = ?",
                with(
                        key,
                        List.of(step.name()),
                        step.state(),
                        step.attempt(),
                        owner,
                        facts.mappingVersion(),
                        facts.requestFingerprint(),
                        facts.responseFingerprint(),
                        step.state().equals(Step.DONE) ? null : facts.request(),
                        facts.result(),
                        facts.reason(),
                        time(now)));
    }

    static Sql updateResult(OrderKey key, String step, String result) {
        return Sql.of("update step set result = ?" + KEY + " and step = ?", with(key, List.of(step), result));
    }

    static OffsetDateTime time(Instant at) {
        return at == null ? null : at.atOffset(ZoneOffset.UTC);
    }

    private static Object[] with(OrderKey key, List<Object> last, Object... first) {
        List<Object> values = new ArrayList<>(Arrays.asList(first));
        values.add(key.account());
        values.add(key.orderId());
        values.add(key.reissue());
        values.addAll(last);
        return values.toArray();
    }
}
