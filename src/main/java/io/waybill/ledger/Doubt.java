package io.waybill.ledger;

import io.waybill.order.OrderKey;
import java.time.Instant;

/**
 * A call whose outcome nobody knows.
 *
 * @param carrier who was asked
 * @param since when that began
 * @param call {@code book} or a later call of the booking, {@value FollowUp#CANCEL} for the void of the order; null where it is
 *     not known
 */
public record Doubt(OrderKey key, String carrier, Instant since, String call) {}
