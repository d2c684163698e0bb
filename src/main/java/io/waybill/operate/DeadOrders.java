package io.waybill.operate;

import io.waybill.ledger.DeadLetters;
import io.waybill.order.OrderKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The orders that died of one cause, all that a list holds at once or page by page. */
record DeadOrders(DeadLetters letters) {

    List<OrderKey> of(String cause) {
        return letters.ordersAfter(named(cause), Walk.START, Lists.LISTED);
    }

    /** What becomes of the next of them, one line an order, see {@link Walk}. */
    Map<String, Object> walk(String cause, OrderKey from, Function<OrderKey, String> look) {
        String named = named(cause);
        return new Walk(last -> letters.ordersAfter(named, last, Lists.LISTED))
                .page(from, new ArrayList<>(), key -> List.of(look.apply(key)));
    }

    private static String named(String cause) {
        if (cause == null || cause.isBlank()) {
            throw new IllegalArgumentException("a cause is needed; listDeadLetters shows them");
        }
        return cause;
    }
}
