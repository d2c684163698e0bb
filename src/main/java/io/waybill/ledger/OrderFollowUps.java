package io.waybill.ledger;

import io.waybill.order.OrderKey;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The follow-ups of one order: what the ledger knows of them, and what was said since the order's last write. */
public final class OrderFollowUps {

    private final Map<String, FollowUp> known = new LinkedHashMap<>();
    private final Map<String, FollowUp> changed = new LinkedHashMap<>();

    OrderFollowUps() {}

    void remember(List<FollowUp> stored) {
        stored.forEach(each -> known.put(each.operation(), each));
    }

    /** All of them by operation, as they were last said to be. */
    public Map<String, FollowUp> all() {
        Map<String, FollowUp> all = new LinkedHashMap<>(known);
        all.putAll(changed);
        return all;
    }

    /** What becomes of a follow-up; durable with the order's next write. */
    public void follow(FollowUp next) {
        if (next.equals(known.get(next.operation()))) {
            changed.remove(next.operation());
        } else {
            changed.put(next.operation(), next);
        }
    }

    /** The void of the order, if it was ever asked for. */
    public Optional<FollowUp> cancellation() {
        FollowUp said = changed.get(FollowUp.CANCEL);
        return Optional.ofNullable(said == null ? known.get(FollowUp.CANCEL) : said);
    }

    /** Whether the void was asked for and nobody knows yet whether it is done. */
    boolean isVoidOpen() {
        return cancellation()
                .filter(each ->
                        each.state().equals(FollowUp.REQUESTED) || each.state().equals(FollowUp.IN_DOUBT))
                .isPresent();
    }

    /** When the first of them is due, null if none is. */
    Instant next() {
        return all().values().stream()
                .map(FollowUp::dueAt)
                .filter(Objects::nonNull)
                .min(Comparator.naturalOrder())
                .orElse(null);
    }

    List<Sql> rows(OrderKey key) {
        return changed.values().stream()
                .map(each -> known.containsKey(each.operation()) ? each.update(key) : each.insert(key))
                .toList();
    }

    /** What was said is durable. */
    void written() {
        known.putAll(changed);
        changed.clear();
    }
}
