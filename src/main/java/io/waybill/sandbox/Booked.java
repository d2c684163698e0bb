package io.waybill.sandbox;

import java.time.Instant;

/**
 * One booking in a carrier's own ledger: what a customer would be billed for.
 *
 * @param carrier {@code birdsystem}, {@code mabang} or {@code kdniao}
 * @param account company_id, client_code or EBusinessID
 * @param reference the customer's own key (custom_identity_reference, package.order_number, OrderCode), null if none was sent
 * @param carrierOrderId data.id, data.order_number or Order.KDNOrderCode
 * @param trackingNumber null while there is none
 * @param state the carrier's own word: {@code PREPARING}, {@code pending}, {@code 100}, ...
 * @param at when the carrier made it durable
 */
public record Booked(
        String carrier,
        String account,
        String reference,
        String carrierOrderId,
        String trackingNumber,
        String state,
        Instant at) {}
