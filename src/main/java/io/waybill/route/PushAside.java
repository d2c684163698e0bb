package io.waybill.route;

import io.waybill.ledger.Ledger;
import io.waybill.ledger.Push;
import io.waybill.order.Fault;
import io.waybill.sink.DeadLetter;
import io.waybill.sink.DeadLetterStore;
import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts an entry of a push, or a whole one, among the dead letters: its bytes, and the reason beside them. */
record PushAside(Ledger ledger, DeadLetterStore deadLetters, Tally tally) {

    private static final Logger LOG = LoggerFactory.getLogger(PushAside.class);
    private static final int WHOLE = -1;
    private static final int NAME = 12;

    /** The whole push. */
    void whole(PushWork work, String cause, String why) throws IOException {
        put(work, WHOLE, work.push().body(), new Reason(cause, why, List.of()));
    }

    /** One entry, the first being 0. */
    void entry(PushWork work, int number, byte[] bytes, Reason reason) throws IOException {
        put(work, number, bytes, reason);
    }

    /**
     * Why.
     *
     * @param cause one word
     * @param why for people; holds nothing of the entry
     */
    record Reason(String cause, String why, List<Fault> faults) {

        Reason(String cause, String why) {
            this(cause, why, List.of());
        }
    }

    private void put(PushWork work, int number, byte[] bytes, Reason reason) throws IOException {
        Push push = work.push();
        String id = push.id().substring(0, NAME);
        String name = "push-" + id + (number == WHOLE ? "" : "-" + (number + 1));
        String message = push + (number == WHOLE ? "" : ", entry " + (number + 1)) + ": " + reason.why();
        DeadLetter letter = new DeadLetter(
                push.account(),
                name,
                0,
                bytes,
                "push",
                reason.cause(),
                message,
                reason.faults(),
                null,
                "what it says was not applied; 'waybill replay --push " + id + " --reason ...' tries it again",
                "push/" + push.carrier());
        ledger.append(deadLetters.write(letter));
        work.aside(number, reason.cause());
        tally.pushed(push.carrier(), "aside");
        LOG.warn("{} is put aside: {}", name, reason.cause());
    }
}
