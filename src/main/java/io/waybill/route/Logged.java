package io.waybill.route;

import io.waybill.sink.DeadLetter;
import io.waybill.sink.DeadLetterStore;
import java.util.regex.Pattern;
import org.slf4j.spi.LoggingEventBuilder;

/** Text from outside on its way into a log line: one line, bounded, no control characters. */
final class Logged {

    private static final Pattern STRANGE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]");
    private static final int LONGEST = 200;

    private Logged() {}

    /** One line for a dead letter that is no order of the ledger, with its own id. */
    static void dead(LoggingEventBuilder line, DeadLetter letter) {
        String id = letter.orderId().isEmpty() ? "-" : letter.orderId();
        line.addKeyValue("order", text(letter.account() + ":" + id))
                .addKeyValue("change", "dead-letter")
                .addKeyValue("stage", letter.stage())
                .addKeyValue("cause", letter.cause())
                .addKeyValue("letter", DeadLetterStore.id(letter))
                .log("");
    }

    static String text(String outside) {
        String line = STRANGE.matcher(outside).replaceAll("?");
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "...";
    }
}
