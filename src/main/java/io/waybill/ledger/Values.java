package io.waybill.ledger;

import java.math.BigDecimal;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Binds the values of statements. A null goes with the type of the values that were at its place before: PostgreSQL parses and
 * plans a statement anew whenever a type changes, which costs more than many a statement. For one thread.
 */
final class Values {

    /** Routes may write statements of their own, each time others. */
    private static final int MOST_TEXTS = 500;

    private final Map<String, int[]> types = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, int[]> eldest) {
            return size() > MOST_TEXTS;
        }
    };

    void bind(PreparedStatement statement, Sql sql) throws SQLException {
        List<Object> values = sql.values();
        int[] known = types.computeIfAbsent(sql.text(), text -> new int[values.size()]);
        for (int i = 0; i < values.size(); i++) {
            Object value = values.get(i);
            if (value == null) {
                statement.setNull(i + 1, known[i]);
            } else {
                statement.setObject(i + 1, value);
                known[i] = type(value);
            }
        }
    }

    private static int type(Object value) {
        if (value instanceof String) {
            return Types.VARCHAR;
        }
        if (value instanceof OffsetDateTime) {
            return Types.TIMESTAMP_WITH_TIMEZONE;
        }
        if (value instanceof BigDecimal) {
            return Types.NUMERIC;
        }
        return value instanceof Boolean ? Types.BOOLEAN : Types.NULL;
    }
}
