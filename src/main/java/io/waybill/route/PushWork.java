package io.waybill.route;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.ledger.Push;
import io.waybill.mapping.PushDeclaration.Content;
import java.util.ArrayList;
import java.util.List;

/** One push while it is worked on: what it says, and what became of each entry. Used by one thread at a time. */
final class PushWork {

    private final Push push;
    private final Content content;
    private final List<Integer> waiting = new ArrayList<>();
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

    /** An entry comes again later. */
    void waits(int entry) {
        waiting.add(entry);
    }

    /** An entry, or the whole push (-1), was put aside. */
    void aside(int entry, String cause) {
        aside.addObject().put("entry", entry).put("cause", cause);
    }

    boolean isWaiting() {
        return !waiting.isEmpty();
    }

    boolean isAside() {
        return !aside.isEmpty();
    }

    /** The entries that are left of an earlier attempt, null if all are. */
    static List<Integer> left(JsonNode detail) {
        if (!detail.has("waiting")) {
            return null;
        }
        List<Integer> left = new ArrayList<>();
        detail.path("waiting").forEach(entry -> left.add(entry.asInt()));
        return left;
    }

    /** What an earlier attempt put aside stays told. */
    void remember(JsonNode detail) {
        detail.path("aside").forEach(aside::add);
    }

    String detail() {
        ObjectNode detail = JsonNodeFactory.instance.objectNode();
        if (isWaiting()) {
            waiting.forEach(detail.putArray("waiting")::add);
        }
        if (isAside()) {
            detail.set("aside", aside);
        }
        return detail.toString();
    }

    /** Names it only: it holds personal data. */
    @Override
    public String toString() {
        return push.toString();
    }
}
