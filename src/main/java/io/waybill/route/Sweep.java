package io.waybill.route;

import io.waybill.intake.InboxSweep;
import io.waybill.intake.SetAside;
import io.waybill.ledger.Ledger;
import io.waybill.sink.DeadLetter;
import io.waybill.sink.DeadLetterStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The step {@code sweep-inbox}: takes away what is no order file, or none that can be read, and would lie in the inbox for ever,
 * and says so.
 */
final class Sweep {

    private static final Logger LOG = LoggerFactory.getLogger(Sweep.class);

    private final Ledger ledger;
    private final InboxSweep sweep;
    private final DeadLetterStore deadLetters;
    private final Path inbox;

    Sweep(Ledger ledger, InboxSweep sweep, DeadLetterStore deadLetters, Path inbox) {
        this.ledger = ledger;
        this.sweep = sweep;
        this.deadLetters = deadLetters;
        this.inbox = inbox;
    }

    /** {@code sweep-inbox}: takes away what is no order file and would lie there for ever. */
    void sweep(Exchange exchange) throws IOException {
        for (SetAside left : sweep.untold()) {
            tell(left);
        }
        for (SetAside aside : sweep.sweep()) {
            tell(aside);
        }
    }

    private void tell(SetAside aside) throws IOException {
        String name = Logged.text(inbox.relativize(aside.from()).toString());
        LOG.warn("inbox entry {} set aside, because {}", name, aside.reason());
        if (aside.isMoved()) {
            ledger.append(deadLetters.explain(letter(aside, name), aside.to()));
            sweep.told(aside);
        }
    }

    private static DeadLetter letter(SetAside aside, String name) {
        return new DeadLetter(
                aside.account(),
                "",
                0,
                new byte[0],
                "intake",
                aside.isPoison() ? "poison" : "set-aside",
                aside.isPoison()
                        ? "file '" + name + "' is not read any more: " + aside.reason()
                        : "inbox entry '" + name + "' was not opened: " + aside.reason(),
                List.of(),
                null,
                next(aside),
                name);
    }

    private static String next(SetAside aside) {
        String inbox = DeadLetter.inbox(aside.account());
        return aside.isPoison()
                ? "what of it was accepted goes on, and is known when it comes again; to find the order that they die of, cut"
                        + " the file into parts named .json or .ndjson and move them into " + inbox
                        + " one after the other; nothing of the rest was sent to a carrier"
                : "if it holds orders, drop them as regular files named .json or .ndjson into " + inbox + "; "
                        + OrderBatch.NOT_SENT;
    }
}
