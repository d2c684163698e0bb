package io.waybill.operate;

import io.waybill.ledger.DeadLetters;
import io.waybill.order.OrderKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The orders that died of one cause, all that a list holds at once or page by page. Before the first of them stands how many dead
 * letters of that cause never became an order, and what can be done about those.
 */
record DeadOrders(DeadLetters letters) {

    /** What becomes of each, one line an order. */
    List<String> each(String cause, Function<OrderKey, String> look) {
        List<String> lines = strays(named(cause));
        letters.ordersAfter(cause, Walk.START, Lists.LISTED).forEach(key -> lines.add(look.apply(key)));
        return lines;
    }

    /** What becomes of the next of them, one line an order, see {@link Walk}. */
    Map<String, Object> walk(String cause, OrderKey from, Function<OrderKey, String> look) {
        String named = named(cause);
        return new Walk(last -> letters.ordersAfter(named, last, Lists.LISTED))
                .page(
                        from,
                        from.equals(Walk.START) ? strays(named) : new ArrayList<>(),
                        key -> List.of(look.apply(key)));
    }

    private List<String> strays(String cause) {
        long strays = letters.strays(cause);
        List<String> lines = new ArrayList<>();
        if (strays > 0) {
            lines.add(Row.visible("cause '" + cause + "': " + strays + (strays == 1 ? " dead letter" : " dead letters")
                    + " never became an order; the reason beside each file says what to do, mostly to correct the file and move"
                    + " it back to the inbox; 'waybill dead --cause " + cause + "' names the files"));
        }
        return lines;
    }

    private static String named(String cause) {
        if (cause == null || cause.isBlank()) {
            throw new IllegalArgumentException("a cause is needed; listDeadLetters shows them");
        }
        return cause;
    }
}
