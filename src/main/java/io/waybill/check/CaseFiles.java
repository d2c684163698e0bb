package io.waybill.check;

import io.waybill.mapping.Declaration;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Every case is complete and holds nothing that nobody reads, and every call of a booking has one. */
record CaseFiles(CarrierFolder carrier, Findings findings) {

    private static final Set<String> KNOWN = Set.of(
            "order.json",
            "request.json",
            "response.json",
            "shipment.json",
            "rejected.json",
            "call.json",
            "result.json",
            "push.json",
            "told.json",
            "account.json");

    void check() {
        Set<String> operations = new HashSet<>();
        Set<String> kinds = new HashSet<>();
        for (Path folder : carrier.cases()) {
            checkNames(folder);
            checkComplete(folder);
            if (has(folder, "push.json")) {
                kinds.add(text(folder, "push.json", "kind"));
            } else {
                operations.add(operation(folder));
            }
        }
        carrier.facts().root().at("/pushes/kinds").fieldNames().forEachRemaining(kind -> {
            if (!kinds.contains(kind)) {
                findings.untidy(carrier.facts().finding("/pushes/kinds/" + kind, "no case is about '" + kind + "'"));
            }
        });
        Declaration facts = carrier.facts();
        List<String> calls = new ArrayList<>(List.of("book"));
        facts.root().path("operations").forEach(operation -> {
            calls.addAll(Declaration.texts(operation.path("before")));
            calls.addAll(Declaration.texts(operation.path("then")));
        });
        facts.root().path("follow-ups").fieldNames().forEachRemaining(calls::add);
        if (facts.root().path("operations").has("cancel")) {
            calls.add("cancel");
        }
        for (String call : new LinkedHashSet<>(calls)) {
            if (!operations.contains(call)) {
                findings.untidy(facts.finding("/operations/" + call, "no case is about '" + call + "'"));
            }
        }
    }

    private void checkNames(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            files.filter(file -> !KNOWN.contains(file.getFileName().toString()))
                    .forEach(file -> findings.untidy(file + ":1: is none of the files of a case"));
        } catch (IOException e) {
            throw new UncheckedIOException("case '" + folder + "' cannot be read", e);
        }
    }

    private void checkComplete(Path folder) {
        need(folder, "order.json", "a case begins with an order");
        if (has(folder, "push.json")) {
            checkEnd(folder, "told.json");
            return;
        }
        if (!has(folder, "request.json")) {
            need(folder, "rejected.json", "a case without request.json is one that is refused");
            return;
        }
        need(folder, "response.json", "a case with request.json has an answer to it");
        checkEnd(folder, has(folder, "call.json") ? "result.json" : "shipment.json");
    }

    private void checkEnd(Path folder, String made) {
        if (has(folder, "rejected.json") == has(folder, made)) {
            findings.untidy(folder.resolve(made) + ":1: expected this or rejected.json, was "
                    + (has(folder, made) ? "both" : "neither"));
        }
        for (String name : KNOWN) {
            if (has(folder, name)) {
                List<String> unreadable = new ArrayList<>();
                Declaration.read(folder.resolve(name), unreadable);
                unreadable.forEach(findings::untidy);
            }
        }
    }

    private void need(Path folder, String name, String why) {
        if (!has(folder, name)) {
            findings.untidy(folder.resolve(name) + ":1: is missing; " + why);
        }
    }

    private static boolean has(Path folder, String name) {
        return Files.exists(folder.resolve(name));
    }

    /** The operation of a call such as {@code product-2}. */
    private String operation(Path folder) {
        if (!has(folder, "call.json")) {
            return "book";
        }
        String step = text(folder, "call.json", "step");
        return carrier.operations().contains(step) ? step : step.replaceFirst("-[0-9]+$", "");
    }

    private static String text(Path folder, String file, String field) {
        return Declaration.read(folder.resolve(file), new ArrayList<>())
                .root()
                .path(field)
                .asText();
    }
}
