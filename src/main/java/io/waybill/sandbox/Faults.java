package io.waybill.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import io.waybill.sandbox.Fault.Match;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** The scripted faults, in the order in which they were added, and how many calls each has seen. */
final class Faults {

    private static final Set<String> KEYS = Set.of(
            ("carrier reference path skip times hold_ms delay_ms commit kind status headers body without every_ms bytes")
                    .split(" "));

    private final List<Script> scripts = new ArrayList<>();

    private static final class Script {
        private final Fault fault;
        private int seen;

        Script(Fault fault) {
            this.fault = fault;
        }
    }

    synchronized int add(List<Fault> faults) {
        faults.forEach(fault -> scripts.add(new Script(fault)));
        return scripts.size();
    }

    synchronized void clear() {
        scripts.clear();
    }

    /** The fault of this call, {@link Fault#NONE} for most; the reference is read only if a script asks for it. */
    synchronized Fault next(String carrier, String path, Supplier<String> reference) {
        String key = null;
        for (Script script : scripts) {
            Match match = script.fault.match();
            if (!match.carrier().equals(carrier) || !endsWith(path, match.path())) {
                continue;
            }
            if (match.reference() != null) {
                key = key == null ? String.valueOf(reference.get()) : key;
            }
            if (match.reference() == null || match.reference().equals(key)) {
                int number = script.seen++ - match.skip();
                if (number >= 0 && (match.times() < 0 || number < match.times())) {
                    return script.fault;
                }
            }
        }
        return Fault.NONE;
    }

    private static boolean endsWith(String path, String end) {
        return end == null || path.toLowerCase(Locale.ROOT).endsWith(end.toLowerCase(Locale.ROOT));
    }

    /** Reads one fault or an array of them; throws {@link IllegalArgumentException} with what is wrong. */
    static List<Fault> read(JsonNode json) {
        List<Fault> faults = new ArrayList<>();
        if (json.isArray()) {
            json.forEach(each -> faults.add(fault(each)));
        } else {
            faults.add(fault(json));
        }
        return faults;
    }

    private static Fault fault(JsonNode json) {
        for (Iterator<String> names = json.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!KEYS.contains(name)) {
                throw new IllegalArgumentException("fault: unknown key '" + name + "'");
            }
        }
        Match match = new Match(
                carrier(json.path("carrier").asText("")),
                json.path("reference").textValue(),
                json.path("path").textValue(),
                json.path("skip").asInt(0),
                json.path("times").asInt(1));
        Reply reply = reply(json);
        boolean commit = json.path("commit").asBoolean(!reply.standsAlone());
        return new Fault(match, millis(json, "hold_ms"), millis(json, "delay_ms"), commit, reply);
    }

    private static String carrier(String name) {
        if (!Set.of(BirdSystem.NAME, Mabang.NAME, KdNiao.NAME).contains(name)) {
            throw new IllegalArgumentException(
                    "fault: carrier: expected 'birdsystem', 'mabang' or 'kdniao', was '" + name + "'");
        }
        return name;
    }

    private static Reply reply(JsonNode json) {
        Map<String, String> headers = new HashMap<>();
        json.path("headers")
                .properties()
                .forEach(
                        header -> headers.put(header.getKey(), header.getValue().asText()));
        List<String> without = new ArrayList<>();
        json.path("without").forEach(name -> without.add(name.asText()));
        return new Reply(
                kind(json.path("kind").asText("answer")),
                json.path("status").asInt(0),
                headers,
                json.path("body").asText(""),
                without,
                millis(json, "every_ms"),
                json.path("bytes").asLong(0));
    }

    private static Reply.Kind kind(String word) {
        for (Reply.Kind kind : Reply.Kind.values()) {
            if (kind.name().toLowerCase(Locale.ROOT).equals(word)) {
                return kind;
            }
        }
        throw new IllegalArgumentException("fault: kind: unknown word '" + word + "'");
    }

    private static Duration millis(JsonNode json, String name) {
        return Duration.ofMillis(json.path(name).asLong(0));
    }
}
