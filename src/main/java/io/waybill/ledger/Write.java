package io.waybill.ledger;

import java.util.List;

/**
 * What one order writes at one moment: all of it or nothing.
 *
 * @param key sorts the writes of a group, so that two nodes seldom wait for each other crosswise
 * @param guard changes exactly one row if the order is still as the writer knows it, else none; null if nothing is guarded
 * @param effects written only if the guard changed its row, or there is none
 */
record Write(String key, Sql guard, List<Sql> effects) {

    /**
     * Refuses what one database takes and another does not, so that all behave alike.
     *
     * @throws IllegalArgumentException if a text has a NUL
     */
    void check() {
        if (guard != null) {
            check(guard);
        }
        effects.forEach(Write::check);
    }

    private static void check(Sql sql) {
        for (Object value : sql.values()) {
            if (value instanceof String text && text.indexOf('\0') >= 0) {
                throw new IllegalArgumentException("a text has a NUL character");
            }
        }
    }
}
