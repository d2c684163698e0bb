package io.waybill.route;

import io.waybill.settings.Settings;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How large a message of the broker may be: to be opened, to be received, and for the heap of this process. */
public final class MessageSizes {

    /** The most bytes of a message, as the broker counts them, that is received while others are; larger ones come one by one. */
    public static final long SMALL = 512 << 10;

    private static final String LARGEST = "waybill.queue.message-mb";

    private static final int MOST_MEGABYTES = 1024;

    /** Of a message in memory, where it is refused: of the broker's client, as text, as bytes, as what is kept. */
    private static final int COPIES = 10;

    /** What a small message takes in this way, in megabytes. */
    private static final int BESIDE = 3;

    private static final Pattern CONSUMERS = Pattern.compile(".*[?&]concurrentConsumers=(\\d{1,4})\\b.*");

    /** What the broker counts beside the characters of a text. */
    private static final int OVERHEAD = 1024;

    private final Settings settings;

    public MessageSizes(Settings settings) {
        this.settings = settings;
    }

    /** The most bytes of a message that is opened. */
    int content() {
        int megabytes = settings.number(LARGEST);
        if (megabytes < 1 || megabytes > MOST_MEGABYTES) {
            throw new IllegalArgumentException(
                    "setting '" + LARGEST + "': expected 1 to " + MOST_MEGABYTES + ", was " + megabytes);
        }
        return megabytes << 20;
    }

    /** The most bytes of a message that is received, as the broker counts them: of a text it has two for each character. */
    public long received() {
        return 2L * content() + OVERHEAD;
    }

    /** The queue of the broker by which orders are handed over, empty if that is none. */
    String dispatchQueue() {
        String dispatch = settings.get("waybill.dispatch");
        return dispatch.startsWith("jms:")
                ? dispatch.replaceFirst("^jms:(//)?(queue:)?(//)?", "").replaceFirst("\\?.*", "")
                : "";
    }

    /**
     * The largest messages come one at a time from the queue of orders, and at every consumer of {@code waybill.dispatch}, where
     * that is a queue; small ones come at every consumer. The rest of the heap is for the orders that are worked on.
     *
     * @param megabytes of the heap
     * @throws IllegalArgumentException if they do not suffice for that
     */
    void check(long megabytes) {
        int each = settings.number(LARGEST);
        long large = 1L + dispatchConsumers();
        long needed = COPIES * each * large + (long) BESIDE * settings.number("waybill.queue.consumers");
        if (!settings.get("waybill.broker.url").isEmpty() && needed > megabytes * 2 / 5) {
            throw new IllegalArgumentException("setting 'waybill.queue.message-mb': messages of " + each
                    + " MB take up to " + needed + " MB of memory, " + COPIES + " times their size for " + large
                    + " at once, and " + BESIDE + " MB for small ones at each of the waybill.queue.consumers;"
                    + " expected no more than two fifths of the heap, which is " + megabytes
                    + " MB (-Xmx in JAVA_OPTS)");
        }
    }

    private int dispatchConsumers() {
        Matcher told = CONSUMERS.matcher(settings.get("waybill.dispatch"));
        return dispatchQueue().isEmpty() ? 0 : told.matches() ? Integer.parseInt(told.group(1)) : 1;
    }
}
