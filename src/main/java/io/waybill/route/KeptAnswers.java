package io.waybill.route;

import io.waybill.mapping.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What carriers answered to questions that many orders ask alike, such as a list of services; in memory, of this node.
 *
 * <ol>
 *   <li>An answer serves for its time; then it is asked for again.
 *   <li>Where none can be had, the old one serves on, else it is known that there is none; nobody asks again for a minute.
 * </ol>
 */
final class KeptAnswers {

    static final Duration PAUSE = Duration.ofMinutes(1);
    private static final int MOST = 1000;

    /**
     * What is known now.
     *
     * @param answer null where there is none to be had
     */
    record Kept(Answer answer, Instant until) {}

    private final Map<String, Kept> kept = new ConcurrentHashMap<>();

    /** What serves at this moment, empty if the carrier has to be asked. */
    Optional<Kept> at(String question, Instant now) {
        return Optional.ofNullable(kept.get(question))
                .filter(known -> known.until().isAfter(now));
    }

    void keep(String question, Answer answer, Instant until) {
        if (kept.size() >= MOST) {
            // a folder that asks every order another question has nothing to keep
            kept.clear();
        }
        kept.put(question, new Kept(answer, until));
    }

    /** The carrier was asked and gave nothing. */
    Kept without(String question, Instant now) {
        return kept.compute(question, (key, old) -> new Kept(old == null ? null : old.answer(), now.plus(PAUSE)));
    }
}
