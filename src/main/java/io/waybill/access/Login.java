package io.waybill.access;

import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * Somebody who proved who he is. What is called on his behalf finds him in its thread, so that a history names the one who
 * logged in and not whom a caller pretends to be.
 *
 * @param user his name, as the users file has it
 * @param role what he may do
 */
public record Login(String user, Role role) {

    /** Stands for the name where nobody logged in: a JMX client that attached to the process. */
    static final String NOBODY = "jmx";

    private static final ThreadLocal<Login> CURRENT = new ThreadLocal<>();

    /** Calls on behalf of this login. */
    public <T> T call(Callable<T> work) throws Exception {
        CURRENT.set(this);
        try {
            return work.call();
        } finally {
            CURRENT.remove();
        }
    }

    /** On whose behalf this thread works. */
    public static Optional<Login> current() {
        return Optional.ofNullable(CURRENT.get());
    }

    /** The name for a history. */
    public static String currentUser() {
        return current().map(Login::user).orElse(NOBODY);
    }
}
