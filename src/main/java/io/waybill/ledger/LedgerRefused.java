package io.waybill.ledger;

/** The database understood a write and forbids it for good, such as a carrier reference that another order has. */
public final class LedgerRefused extends RuntimeException {

    private static final long serialVersionUID = 1L;

    LedgerRefused(String message, Throwable cause) {
        super(message, cause);
    }
}
