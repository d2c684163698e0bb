package io.waybill.ledger;

import io.waybill.order.OrderKey;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/** What the ledger says of money, and where its own tables disagree. */
public final class Books {

    /**
     * The charges of an account at a carrier in one currency.
     *
     * @param charges what is owed, without what is only estimated
     * @param estimates what is only estimated
     * @param refunds what came back, as a positive amount
     * @param open how many of the charges are not final yet
     */
    public record Sum(
            String account,
            String carrier,
            String currency,
            long orders,
            BigDecimal charges,
            BigDecimal estimates,
            BigDecimal refunds,
            long open) {

        /** What remains to be paid. */
        public BigDecimal net() {
            return charges.subtract(refunds);
        }
    }

    private static final String STRAYS = "select distinct x.account, x.order_id, x.reissue from %s x left join orders o"
            + " on o.account = x.account and o.order_id = x.order_id and o.reissue = x.reissue"
            + " where o.account is null order by x.account, x.order_id, x.reissue fetch first ? rows only";

    private final Queries queries;

    Books(Queries queries) {
        this.queries = queries;
    }

    /** The sums of a period, by account, carrier and currency. */
    public List<Sum> sums(Instant from, Instant to) {
        return queries.list(
                "select account, carrier, currency, count(distinct order_id || '/' || reissue),"
                        + " sum(case when kind in ('refund', 'estimate') then 0 else amount end),"
                        + " sum(case when kind = 'estimate' then amount else 0 end),"
                        + " sum(case when kind = 'refund' then abs(amount) else 0 end),"
                        + " sum(case when final then 0 else 1 end)"
                        + " from charge where at >= ? and at < ? group by account, carrier, currency"
                        + " order by account, carrier, currency",
                Books::sum,
                Statements.time(from),
                Statements.time(to));
    }

    /** Orders that a table speaks of and that nobody accepted. */
    public List<OrderKey> strayCharges(int most) {
        return strays("charge", most);
    }

    /** As {@link #strayCharges}, of labels. */
    public List<OrderKey> strayLabels(int most) {
        return strays("label", most);
    }

    private List<OrderKey> strays(String table, int most) {
        return queries.list(STRAYS.formatted(table), Queries::key, most);
    }

    private static Sum sum(ResultSet row) throws SQLException {
        return new Sum(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                row.getLong(4),
                row.getBigDecimal(5),
                row.getBigDecimal(6),
                row.getBigDecimal(7),
                row.getLong(8));
    }
}
