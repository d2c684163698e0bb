package io.waybill.ledger;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.order.Order;
import io.waybill.order.OrderKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * This node's right to work on one order, and what it knows of it. Used by one thread at a time.
 *
 * <ol>
 *   <li>{@link #begin} says whether a step may run; it may not once it is done.
 *   <li>{@link #sent} is durable before the first byte leaves for the carrier.
 *   <li>{@link #brought} is durable before anything is made of the answer.
 *   <li>A booking may take several calls, each a step: {@link #brought} is durable before the next one is sent, in the same
 *       commit, so that each further call costs one. Work that broke off goes on with the first call that is not done.
 *   <li>Sinks join their rows and finish their step ({@link #sinks}); all of that becomes durable with the write that lets the
 *       order go, in one commit: it ends ({@link #endings}) or goes on later ({@link #waits}).
 *   <li>What happens after the booking is a {@link FollowUp}: {@link #followUps} says what becomes of it, {@link Endings#rest}
 *       lets the order go without a row in its history, {@link Endings#changed} with one.
 *   <li>Every write is refused with {@link Fenced} if another node took the order over meanwhile.
 * </ol>
 */
public final class Claim {

    /** An order that so many processes died with is worked on while no other such order is. */
    public static final int SUSPECT = 2;

    private static final String BOOK = "book";

    private final Ledger ledger;
    private final Order order;
    private final Instant acceptedAt;
    private final OrderSteps steps;
    private final OrderFollowUps followUps = new OrderFollowUps();
    private final OrderSinks sinks;
    private final OrderCalls calls;
    private final OrderJournal journal;
    private final Endings endings;
    private final Waits waits;
    private final ObjectNode answers = JsonNodeFactory.instance.objectNode();
    private OrderState current;
    private int lives;
    private ObjectNode result;

    Claim(Ledger ledger, Order order, long epoch, History last, Instant acceptedAt) {
        this.ledger = ledger;
        this.order = order;
        this.steps = new OrderSteps(order.key());
        this.sinks = new OrderSinks(steps);
        this.calls = new OrderCalls(ledger, order.key(), steps);
        this.acceptedAt = acceptedAt;
        this.current = OrderState.ACCEPTED;
        this.journal = new OrderJournal(ledger, order.key(), epoch, last, steps, sinks, followUps);
        this.endings = new Endings(this, ledger, journal, steps, followUps);
        this.waits = new Waits(this, ledger, journal, steps, calls);
    }

    /** What the ledger knows of an order that was begun before. */
    Claim remember(Stored stored, List<Step> done, Map<String, ObjectNode> results) {
        current = OrderState.of(stored);
        lives = stored.lives();
        result = results.get(BOOK);
        answers.setAll(results);
        steps.remember(done);
        return this;
    }

    Claim remember(List<FollowUp> known) {
        followUps.remember(known);
        return this;
    }

    /** The order's state as it was last read or written, see {@link Stored#state}. */
    public String state() {
        return current.state();
    }

    public Order order() {
        return order;
    }

    public OrderKey key() {
        return order.key();
    }

    public String carrier() {
        return current.carrier();
    }

    public String service() {
        return current.service();
    }

    public String reference() {
        return current.reference();
    }

    public int attempts() {
        return current.attempts();
    }

    /** How many processes died one after the other while they held this order. */
    public int lives() {
        return lives;
    }

    public Instant acceptedAt() {
        return acceptedAt;
    }

    /** What the booking brought, null before. */
    public ObjectNode result() {
        return result;
    }

    /** What each step that is done brought, by its name. */
    public ObjectNode answers() {
        return JsonNodeFactory.instance.objectNode().setAll(answers);
    }

    /** The way that the rules or the order chose; durable with the next write. */
    public void choose(String carrier, String service, String rule) {
        current = current.chosen(carrier, service, rule);
    }

    /**
     * Asks to run a step.
     *
     * @return false if it is done, or if it is the answer and a sink failed, since an answer tells the whole
     * @throws IllegalStateException if its outcome is not known, so that nobody may run it again by himself
     */
    public boolean begin(String step) {
        sinks.begin();
        if (done(step) || step.equals("answer") && sinks.hasFailed()) {
            return false;
        }
        calls.check(step);
        return true;
    }

    /** Whether a step is done. */
    public boolean done(String step) {
        return steps.done(step);
    }

    /**
     * Records, before the call, that the carrier is about to be asked; durable when it returns.
     *
     * @throws IllegalStateException if it was asked before and did not surely refuse, whoever asks
     */
    public synchronized void sent(String step, String carrierReference, StepFacts facts) {
        if (!begin(step)) {
            throw new IllegalStateException("order " + key() + ": step '" + step + "' is done; it is not sent again");
        }
        OrderSteps.Note note = calls.going(step, facts);
        // the one from before the write: while it lasts, nobody can have taken the order over since
        Lease before = ledger.lease();
        String to = step.equals(FollowUp.CANCEL) ? current.state() : "sent";
        write(working(to, carrierReference, current.attempts()), note);
        calls.went(before);
    }

    /**
     * Whether what {@link #sent} recorded may still leave: false once another node may have taken the order over, because this
     * one was stopped or slow meanwhile.
     */
    public boolean mayLeave() {
        return calls.mayLeave(ledger.now());
    }

    /**
     * Records what the carrier answered to a call of the booking.
     *
     * @param last if no call follows, it is durable when this returns; else together with the next {@code sent}
     */
    public synchronized void brought(String step, StepFacts facts, ObjectNode answer, boolean last) {
        OrderSteps.Note note = calls.brought(step, facts);
        if (last) {
            String to = step.equals(FollowUp.CANCEL) ? current.state() : "booked";
            write(working(to, current.reference(), 0), note);
        } else {
            steps.note(note);
            current = current.to(current.state(), current.owner(), 0, current.dueAt());
        }
        calls.answered();
        answers.set(step, answer);
        if (step.equals(BOOK)) {
            result = answer;
        }
    }

    /** What is known of its calls, and which may go out again. */
    public OrderCalls calls() {
        return calls;
    }

    /** What sinks make of the order meanwhile. */
    public OrderSinks sinks() {
        return sinks;
    }

    /** Records what later calls or sinks made of what the booking brought; durable with the order's next write. */
    public void revise() {
        sinks.join(Statements.updateResult(key(), BOOK, result.toString()));
    }

    /** The carrier knows the order under this number too; durable with the order's next write. */
    public void known(String number) {
        sinks.join(Sql.of(
                "insert into carrier_number (carrier, account, number, order_id, reissue) values (?, ?, ?, ?, ?)"
                        + " on conflict do nothing",
                current.carrier(),
                key().account(),
                number,
                key().orderId(),
                key().reissue()));
    }

    /** The answer as it is given; durable with the order's next write. */
    public void answered(String json) {
        current = current.answered(json);
    }

    /** The answer as JSON, null before there is one. */
    public String shipment() {
        return current.shipment();
    }

    /** How the order comes to its end, or rests until its next follow-up; lets it go. */
    public Endings endings() {
        return endings;
    }

    /** How the order goes on later; lets it go. */
    public Waits waits() {
        return waits;
    }

    /** Whether it was answered, or cancelled. */
    public boolean isSettled() {
        return Stored.isSettled(current.state());
    }

    /** Whether nothing of its booking is done with it now: it is settled, or its void was asked for. */
    public boolean follows() {
        return isSettled() || followUps.isVoidOpen();
    }

    /** What is asked after the booking. */
    public OrderFollowUps followUps() {
        return followUps;
    }

    /** Lets a step that is done run once more, since there is something new for it. */
    public void reopen(String step) {
        steps.reopen(step);
    }

    /** Adds a row to the history, before that of the order's next write. */
    public void note(String what, String detail) {
        steps.note(new OrderSteps.Note(what, detail, null, null));
    }

    /**
     * Gives the right back without a write, after {@link Fenced} or when the work broke off.
     *
     * <p>An order that has not come to an end is found again by the next {@link Ledger#recover}.
     */
    public void release() {
        ledger.release(this);
    }

    private OrderState working(String to, String carrierReference, int times) {
        return current.referenced(carrierReference).to(to, ledger.owner(), times, acceptedAt);
    }

    /** Writes that and lets the order go; it was worked on, so who died with it before counts no more. */
    void end(LastWrite last) {
        end(last, forgottenLives());
    }

    synchronized void end(LastWrite last, List<Sql> more) {
        List<Sql> effects = new ArrayList<>(last.effects());
        effects.addAll(more);
        effects.addAll(waits.rows());
        write(last.after(), last.what(), last.detail(), effects);
        ledger.release(this);
    }

    OrderState current() {
        return current;
    }

    List<Sql> forgottenLives() {
        return lives > 0 ? List.of(Statements.forgetLives(key())) : List.of();
    }

    private void write(OrderState after, OrderSteps.Note note) {
        write(after, note.what(), note.detail(), List.of(journal.row(note.step(), note.facts())));
        steps.know(note.step());
    }

    private void write(OrderState after, String what, String detail, List<Sql> effects) {
        journal.write(after, what, detail, effects);
        current = after;
    }

    /** Names the order only, since routes and consoles print what they carry. */
    @Override
    public String toString() {
        return "claim of order " + key();
    }
}
