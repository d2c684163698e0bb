package io.waybill.operate;

import io.waybill.order.OrderKey;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A walk through orders by their keys, in pages that a client can wait for.
 *
 * <ol>
 *   <li>A page begins behind the order where the one before it ended, the first one at {@link #START}.
 *   <li>It ends after some seconds, with a full list of findings, or behind the last order.
 *   <li>It says how many orders it looked at, what it found, and where the next one begins; at {@code START} when there is
 *       none.
 * </ol>
 *
 * @param next the orders behind one, in the order of their keys; empty behind the last one
 */
record Walk(Function<OrderKey, List<OrderKey>> next) {

    /** Before the first order. */
    static final OrderKey START = new OrderKey("", "", -1);

    /** How long one page takes: a client waits a minute at most. */
    private static final Duration PAGE = Duration.ofSeconds(10);

    /** The orders behind one, for as long as a page may take. */
    Map<String, Object> page(OrderKey from, List<String> findings, Function<OrderKey, List<String>> look) {
        long until = System.nanoTime() + PAGE.toNanos();
        OrderKey last = from;
        long looked = 0;
        List<OrderKey> keys = next.apply(last);
        while (!keys.isEmpty()) {
            for (OrderKey key : keys) {
                findings.addAll(look.apply(key));
                last = key;
                looked++;
                if (System.nanoTime() > until || findings.size() >= Lists.LISTED) {
                    return page(looked, findings, last);
                }
            }
            keys = next.apply(last);
        }
        return page(looked, findings, START);
    }

    private static Map<String, Object> page(long looked, List<String> findings, OrderKey last) {
        Map<String, Object> page = new LinkedHashMap<>();
        page.put("looked", looked);
        page.put("findings", findings);
        page.put("account", last.account());
        page.put("order", last.orderId());
        page.put("reissue", last.reissue());
        return page;
    }
}
