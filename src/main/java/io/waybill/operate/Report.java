package io.waybill.operate;

import io.waybill.ledger.Books;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;

/** The sums of a period, by account, carrier and currency, in rows. */
record Report(Books books) {

    /**
     * The rows.
     *
     * @param from RFC 3339, included
     * @param to RFC 3339, not included
     */
    List<Map<String, Object>> of(String from, String to) {
        return books.sums(instant(from), instant(to)).stream()
                .map(sum -> Row.of(
                        "account",
                        sum.account(),
                        "carrier",
                        sum.carrier(),
                        "currency",
                        sum.currency(),
                        "orders",
                        sum.orders(),
                        "charges",
                        money(sum.charges()),
                        "estimates",
                        money(sum.estimates()),
                        "refunds",
                        money(sum.refunds()),
                        "net",
                        money(sum.net()),
                        "open",
                        sum.open()))
                .toList();
    }

    /** Exactly, with two decimals at least. */
    private static String money(BigDecimal amount) {
        BigDecimal shortest = amount.stripTrailingZeros();
        return shortest.setScale(Math.max(2, shortest.scale())).toPlainString();
    }

    private static Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("'" + text + "': expected a time such as 2026-11-01T00:00:00Z");
        }
    }
}
