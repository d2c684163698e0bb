package io.waybill.ledger;

/**
 * A step of an order as the ledger knows it.
 *
 * @param name {@code book} and the calls that follow it, such as {@code product-1} and {@code submit}; {@code label}, {@code
 *     tracking}, {@code billing}, {@code answer}
 * @param state {@code sent}, {@code done}, {@code rejected} or {@code in-doubt}; nothing is kept of a step that only began
 * @param attempt how many times it was begun
 * @param request the fingerprint of what was last sent, null where nothing was
 */
record Step(String name, String state, int attempt, String request) {

    Step(String name, String state, int attempt) {
        this(name, state, attempt, null);
    }

    static final String SENT = "sent";
    static final String DONE = "done";
    static final String REJECTED = "rejected";
    static final String IN_DOUBT = "in-doubt";
    static final String NOT_SENT = "not-sent";
}
