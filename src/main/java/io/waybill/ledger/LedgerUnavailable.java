package io.waybill.ledger;

/** The database did not answer or refused; nothing of the write is known to be durable, and it may be tried again. */
public final class LedgerUnavailable extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** What those say who try it again by themselves. */
    static final String AGAIN = "; it is tried again";

    LedgerUnavailable(String message, Throwable cause) {
        super(message, cause);
    }

    /** The same for a person, on whose behalf nothing is tried again. */
    public String forPeople() {
        return getMessage().replace(AGAIN, "")
                + "; nothing tries it again: when the database answers, see what was done ('waybill status', 'waybill trace'),"
                + " and do it again if it was not";
    }
}
