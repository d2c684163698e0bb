package io.waybill.route;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.ledger.Push;
import io.waybill.mapping.PushDeclaration.Content;
import java.util.List;
import java.util.TreeSet;

/**
 * One push while it is worked on: what it says, and what became of each entry. An entry waits until it is applied or put aside,
 * so that one whose work broke off comes again. Used by one thread at a time.
 */
final class PushWork {

    private static final String WAITING = "waiting";
    private static final String ASIDE = "aside";

    private final Push push;
    private final Content content;
    private final TreeSet<Integer> waiting = new TreeSet<>();
    private final ArrayNode replays = JsonNodeFactory.instance.arrayNode();
    private final ArrayNode aside = JsonNodeFactory.instance.arrayNode();

    PushWork(Push push, Content content) {
        this.push = push;
        this.content = content;
    }

    Push push() {
        return push;
    }

    Content content() {
        return content;
    }

    /** Begins with all entries of a push. */
    void begin(int entries) {
        for (int entry = 0; entry < entries; entry++) {
            waiting.add(entry);
        }
    }

    /**
     * Goes on with what an earlier attempt left; what it put aside stays told.
     *
     * @return false if there was none
     */
    boolean resume(JsonNode detail) {
        detail.path(Push.REPLAYS).forEach(replays::add);
        detail.path(WAITING).forEach(entry -> waiting.add(entry.asInt()));
        if (!waiting.isEmpty()) {
            detail.path(ASIDE).forEach(aside::add);
        }
        return !waiting.isEmpty();
    }

    /** An entry is applied. */
    void applied(int entry) {
        waiting.remove(entry);
    }

    /** An entry, or the whole push (-1), was put aside. */
    void aside(int entry, String cause) {
        waiting.remove(entry);
        aside.addObject().put("entry", entry).put("cause", cause);
    }

    /** The entries that are neither applied nor put aside. */
    List<Integer> waiting() {
        return List.copyOf(waiting);
    }

    String state() {
        return !waiting.isEmpty() ? Push.STORED : !aside.isEmpty() ? Push.ASIDE : Push.DONE;
    }

    String detail() {
        ObjectNode detail = JsonNodeFactory.instance.objectNode();
        if (!waiting.isEmpty()) {
            waiting.forEach(detail.putArray(WAITING)::add);
        }
        if (!aside.isEmpty()) {
            detail.set(ASIDE, aside);
        }
        if (!replays.isEmpty()) {
            detail.set(Push.REPLAYS, replays);
        }
        return detail.toString();
    }

    /** Names it only: it holds personal data. */
    @Override
    public String toString() {
        return push.toString();
    }
}
