package io.waybill.order;

import java.text.Normalizer;
import java.util.Objects;

/**
 * The identity of an order, for ever: account, the merchant's order id, and the number of its reissue.
 *
 * <p>Order ids are compared character by character after Unicode normalisation to NFC; case and inner blanks count.
 *
 * @param account whose carrier credentials apply, {@code [a-z0-9-]{1,40}}
 * @param orderId the merchant's order number, 1 to 64 visible characters
 * @param reissue 0 for the first shipment of the order, n for its n-th deliberate repetition
 */
public record OrderKey(String account, String orderId, int reissue) {

    public OrderKey {
        Objects.requireNonNull(account, "account");
        orderId = Normalizer.normalize(orderId, Normalizer.Form.NFC);
    }

    /** The file name of this order without its ending; never leaves its folder, see {@link FileName}. */
    public String fileName() {
        String name = FileName.encode(orderId);
        return reissue == 0 ? name : name + "=R" + reissue;
    }

    /** One word without white space that names this order in routes, messages and logs; {@link #parse} reads it back. */
    public String text() {
        return account + ":" + fileName();
    }

    /**
     * Reads what {@link #text()} wrote.
     *
     * @throws IllegalArgumentException if the text names no order
     */
    public static OrderKey parse(String text) {
        int colon = text.indexOf(':');
        if (colon < 1) {
            throw new IllegalArgumentException("order key '" + text + "': expected '<account>:<order>'");
        }
        String name = text.substring(colon + 1);
        int reissue = name.lastIndexOf("=R");
        if (reissue < 0) {
            return new OrderKey(text.substring(0, colon), FileName.decode(name), 0);
        }
        return new OrderKey(
                text.substring(0, colon),
                FileName.decode(name.substring(0, reissue)),
                Integer.parseInt(name.substring(reissue + 2)));
    }

    @Override
    public String toString() {
        return text();
    }
}
