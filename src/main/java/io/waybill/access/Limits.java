package io.waybill.access;

import java.time.Duration;

/**
 * How long a login lasts, and how often one may fail.
 *
 * @param idle     a session without use ends after it
 * @param longest  every session ends after it
 * @param failures so many, and user and address are locked out
 * @param lock     for so long
 */
public record Limits(Duration idle, Duration longest, int failures, Duration lock) {

    /** As application.properties has them. */
    public static final Limits DEFAULT =
            new Limits(Duration.ofMinutes(30), Duration.ofHours(12), 5, Duration.ofSeconds(60));

    public Limits {
        if (idle.isNegative() || idle.isZero() || longest.compareTo(idle) < 0) {
            throw new IllegalArgumentException(
                    "read waybill.management.session: expected at least a minute, and no fewer hours than that");
        }
        if (failures < 1 || lock.isNegative() || lock.isZero()) {
            throw new IllegalArgumentException(
                    "read waybill.management.lock-out: expected at least one failure and one second");
        }
    }
}
