package io.waybill.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.schibsted.spt.data.jslt.Expression;
import com.schibsted.spt.data.jslt.JsltException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a carrier's folder says about an operation that is asked again and again after the booking.
 *
 * <ol>
 *   <li>It is asked while {@code when} is true of the shipment, first after {@code first}, then after waits that double up to
 *       {@code longest}; what brings something new begins with the shortest wait again.
 *   <li>It ends once {@code until} is true, or with its first answer where it is asked {@code once}, and is given up after
 *       {@code for}.
 *   <li>What an order must still get by it, it {@link #awaits}. Where only a push brings that, nothing {@link #isAsked}.
 * </ol>
 */
public final class FollowUpRule {

    /**
     * Something that a booked order may lack and must get.
     *
     * @param field {@code tracking_number} or {@code label}
     * @param deadline when it is overdue, counted from the answer to the order
     */
    public record Awaited(String field, Duration deadline) {}

    /** {@code once}: whether the first answer ends it. */
    record Wait(Duration first, Duration longest, Duration giveUp, boolean once) {}

    record Await(String field, Duration deadline, Expression when) {}

    private final String operation;
    private final Expression when;
    private final Expression until;
    private final Wait wait;
    private final List<Await> awaits;

    FollowUpRule(String operation, Expression when, Expression until, Wait wait, List<Await> awaits) {
        this.operation = operation;
        this.when = when;
        this.until = until;
        this.wait = wait;
        this.awaits = List.copyOf(awaits);
    }

    /** What only a push of this kind brings. */
    static FollowUpRule told(String kind, List<Await> awaits) {
        return new FollowUpRule(kind, null, null, null, awaits);
    }

    /** The operation that is asked, or the kind of push that is waited for. */
    public String operation() {
        return operation;
    }

    /** Whether anybody is asked; else the carrier tells it by itself. */
    public boolean isAsked() {
        return wait != null;
    }

    /** Whether the first answer that confirms ends it. */
    public boolean isOnce() {
        return isAsked() && wait.once;
    }

    /**
     * Whether it makes sense to ask now.
     *
     * @param shipment the shipment as it stands
     * @param order the order
     */
    public boolean isWanted(JsonNode shipment, ObjectNode order) {
        return when == null || holds(when, shipment, order);
    }

    /** Whether there is nothing left to ask, see {@link #isWanted}. */
    public boolean isOver(JsonNode shipment, ObjectNode order) {
        return holds(until, shipment, order);
    }

    /** The wait before it is asked again, after so many times without anything new. */
    public Duration wait(int attempts) {
        Duration grown = wait.first.multipliedBy(1L << Math.min(attempts, 20));
        return grown.compareTo(wait.longest) > 0 ? wait.longest : grown;
    }

    /** After how long it is given up. */
    public Duration giveUp() {
        return wait.giveUp;
    }

    /** What the shipment lacks and must get by it, empty if nothing. */
    public Optional<Awaited> awaits(JsonNode shipment, ObjectNode order) {
        return awaits.stream()
                .filter(each -> isMissing(shipment, each.field))
                .filter(each -> each.when == null || holds(each.when, shipment, order))
                .map(each -> new Awaited(each.field, each.deadline))
                .findFirst();
    }

    /** Whether a shipment lacks a field; a label that the merchant has is none that is missing. */
    public static boolean isMissing(JsonNode shipment, String field) {
        return field.equals("label")
                ? !shipment.has("label")
                        && !shipment.path("label_state").asText().equals("supplied")
                : shipment.path(field).asText().isEmpty();
    }

    /** A condition that cannot be applied to this shipment does not hold. */
    private static boolean holds(Expression condition, JsonNode shipment, ObjectNode order) {
        try {
            JsonNode held = condition.apply(Map.of("order", order), shipment);
            return !(held.isNull() || held.isMissingNode() || held.isContainerNode() && held.isEmpty())
                    && (!held.isBoolean() || held.booleanValue());
        } catch (JsltException e) {
            return false;
        }
    }
}
