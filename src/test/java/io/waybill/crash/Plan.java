package io.waybill.crash;

import io.waybill.crash.KillPoint.Trait;
import java.util.ArrayList;
import java.util.List;

/**
 * One crash.
 *
 * @param second where the process dies again while it makes good the first death, null if it does not
 * @param carrier of the order that is at the point
 * @param input where that order came from
 */
record Plan(KillPoint first, KillPoint second, String carrier, String input) {

    /** Every point for every carrier and input that comes by it. */
    static List<Plan> all() {
        List<Plan> all = new ArrayList<>();
        for (KillPoint point : KillPoint.values()) {
            if (!point.isOfTheBooking()) {
                continue;
            }
            for (String carrier : carriers(point)) {
                for (String input : inputs(point)) {
                    all.add(
                            point.is(Trait.SECOND)
                                    ? new Plan(KillPoint.CARRIER_COMMITTED, point, carrier, input)
                                    : new Plan(point, null, carrier, input));
                }
            }
        }
        return all;
    }

    /** The points of the first death once, those of the long form left out, the carriers and inputs in turns. */
    static List<Plan> each() {
        List<Plan> each = new ArrayList<>();
        for (KillPoint point : KillPoint.values()) {
            List<Plan> plans = all().stream()
                    .filter(plan -> plan.first == point && plan.second == null && !point.is(Trait.LONG))
                    .toList();
            if (!plans.isEmpty()) {
                // 5 is prime to 1, 2, 3 and 6, so that in the long run every combination gets its turn
                each.add(plans.get(5 * point.ordinal() % plans.size()));
            }
        }
        return each;
    }

    private static List<String> carriers(KillPoint point) {
        if (point.is(Trait.UNDELIVERABLE)) {
            return List.of(Batch.NOBODY);
        } else if (point.is(Trait.LOOKUP) || !point.call().isEmpty()) {
            return List.of("birdsystem");
        }
        return point.is(Trait.REPOST) ? List.of("kdniao") : Batch.CARRIERS;
    }

    private static List<String> inputs(KillPoint point) {
        if (point.is(Trait.FOLDER)) {
            return List.of(Batch.FOLDER);
        }
        return point.is(Trait.QUEUE) ? List.of(Batch.QUEUE) : List.of(Batch.FOLDER, Batch.QUEUE);
    }

    /** Whether a person has to decide about the order. */
    boolean leavesDoubt() {
        return first.is(Trait.DOUBT) && carrier.equals("mabang");
    }

    /** Whether it is known how far the order was, and not only how far its file or message was. */
    boolean isAboutTheOrder() {
        return !first.is(Trait.FOLDER) && !first.is(Trait.QUEUE);
    }

    @Override
    public String toString() {
        return first + (second == null ? "" : " then " + second) + " for " + carrier + " " + input;
    }
}
