package io.waybill.sink;

import io.waybill.order.Fault;
import java.util.List;

/**
 * An order that goes no further, and all that a person needs to know to help it.
 *
 * @param account whose order it is
 * @param orderId its id, empty where none could be read
 * @param reissue its reissue
 * @param raw the order exactly as it came
 * @param stage where it stopped: {@code intake}, {@code accept}, {@code dispatch}, {@code choose}, {@code book}, {@code label}...
 * @param cause one word of {@link #CAUSES}
 * @param message what was done to which thing, and what is wrong
 * @param faults everything that is wrong with the order itself
 * @param carrierAnswer the carrier's own words, null where it was not asked
 * @param next what to do now
 * @param source where the order came from
 */
public record DeadLetter(
        String account,
        String orderId,
        int reissue,
        byte[] raw,
        String stage,
        String cause,
        String message,
        List<Fault> faults,
        String carrierAnswer,
        String next,
        String source) {

    /** Of inputs, of the choice, of the booking, of labels, and of pushes. */
    public static final List<String> CAUSES = List.of(
            "unreadable",
            "set-aside",
            "invalid",
            "conflict",
            "no-rule",
            "unknown-carrier",
            "carrier-off",
            "unmappable",
            "reference",
            "rejected",
            "expired",
            "abandoned",
            "poison",
            "failed",
            "label-refused",
            "unknown-order",
            "order-busy",
            "not-handled",
            "broke-down");

    /** Where its file goes to come in again: the file itself mostly says nothing of the account whose folder it lay in. */
    public static String inbox(String account) {
        return account.equals("default") ? "the inbox" : "the inbox, into its folder '" + account + "'";
    }

    @Override
    public String toString() {
        return "dead letter of " + account + " at " + stage + ": " + cause;
    }
}
