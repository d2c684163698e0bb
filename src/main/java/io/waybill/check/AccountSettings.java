package io.waybill.check;

import com.fasterxml.jackson.databind.JsonNode;
import io.waybill.mapping.Declaration;
import io.waybill.settings.Settings;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * What a carrier declares as its settings, what its mappings and its authentication read, and what the files of this
 * installation set, are the same names, and their values of the form that it declares.
 */
record AccountSettings(List<CarrierFolder> carriers, Settings settings, Findings findings) {

    private static final Pattern USE = Pattern.compile("\\$account\\.(?:\"([^\"]+)\"|([A-Za-z_][A-Za-z0-9_-]*))");
    private static final String SERVICE = "service.";
    private static final Set<String> OF_A_CARRIER =
            Set.of("enabled", "url", "concurrency", "rate", "label-hosts", "in-doubt");

    void check() {
        carriers.stream()
                .filter(carrier -> !carrier.facts().root().isMissingNode())
                .forEach(this::checkDeclared);
        settings.unknown()
                .forEach(name -> findings.broken(
                        place(name) + "setting '" + name + "' is unknown; application.properties lists every name"));
        settings.below("waybill.account.").keySet().forEach(name -> {
            String[] words = name.split("\\.", 3);
            checkSet("waybill.account." + name, words[1], words[2]);
        });
        carriers.forEach(this::checkShared);
        settings.below("waybill.carrier.").keySet().forEach(name -> {
            String[] words = name.split("\\.", 2);
            if (carrier(words[0]) == null && !settings.isFromFile("waybill.carrier." + name)) {
                // the defaults name all shipped carriers, and a folder may be taken away
                return;
            }
            if (carrier(words[0]) == null) {
                findings.untidy(place("waybill.carrier." + name) + "setting 'waybill.carrier." + name
                        + "': there is no carrier '" + words[0] + "'");
            } else if (!OF_A_CARRIER.contains(words[1])
                    && !isDeclared(carrier(words[0]).facts().root(), words[1])) {
                findings.untidy(place("waybill.carrier." + name) + "setting 'waybill.carrier." + name + "' is unknown");
            }
        });
    }

    /** Whether an operation or an option of carrier.yaml reads the carrier's setting. */
    private static boolean isDeclared(JsonNode facts, String name) {
        return facts.path("operations").findValuesAsText("url").contains(name)
                || facts.path("operations").findValuesAsText("minutes").contains(name)
                || facts.path("options").has(name)
                || facts.path("operations").findValuesAsText("by-setting").stream()
                        .anyMatch(word -> name.equals(word + "-path") || name.equals(word + "-method"));
    }

    private void checkDeclared(CarrierFolder carrier) {
        Declaration facts = carrier.facts();
        JsonNode declared = facts.root().path("settings");
        Set<String> used = new HashSet<>();
        for (MappingText mapping : carrier.mappings()) {
            for (MatchResult use : mapping.matches(USE)) {
                String key = use.group(1) == null ? use.group(2) : use.group(1);
                used.add(key);
                if (!declared.has(key)) {
                    findings.broken(mapping.finding(use, "setting '" + key + "' is not declared in carrier.yaml"));
                }
            }
            if (mapping.text().contains("$zone")) {
                used.add("zone");
            }
        }
        checkAuth(facts, used);
        declared.fieldNames().forEachRemaining(key -> {
            if (!used.contains(key) && !key.startsWith(SERVICE)) {
                findings.untidy(facts.finding(
                        "/settings/" + key, "setting '" + key + "' is read by no mapping and by no authentication"));
            }
        });
    }

    /** To a carrier, two accounts with the same credentials are one customer, and the same order_id is the same order. */
    private void checkShared(CarrierFolder carrier) {
        JsonNode declared = carrier.facts().root().path("settings");
        List<String> keys = declared.properties().stream()
                .filter(key -> key.getValue().path("required").asBoolean())
                .map(Map.Entry::getKey)
                .toList();
        Map<List<String>, String> first = new HashMap<>();
        settings.below("waybill.account.").keySet().stream()
                .filter(name -> !keys.isEmpty() && name.endsWith("." + carrier.id() + "." + keys.get(0)))
                .forEach(name -> {
                    String account = name.substring(0, name.indexOf('.'));
                    String prefix = "waybill.account." + account + "." + carrier.id() + ".";
                    String other = first.putIfAbsent(
                            keys.stream()
                                    .map(key -> settings.get(prefix + key, ""))
                                    .toList(),
                            account);
                    if (other != null) {
                        findings.untidy(place("waybill.account." + name) + "account '" + account + "' has the same "
                                + String.join(", ", keys) + " as '" + other
                                + "', so the same order_id in both is one order to "
                                + carrier.id());
                    }
                });
    }

    private void checkAuth(Declaration facts, Set<String> used) {
        Spot auth = Spot.root(facts).child("auth");
        for (Spot named : List.of(auth.child("token"), auth.child("id"), auth.child("key"))) {
            checkAuth(facts, named, used);
        }
        used.add(facts.root().at("/pushes/verify/key").asText());
        used.add(facts.root().at("/pushes/account/setting").asText());
        auth.child("headers").children().forEach(header -> checkAuth(facts, header, used));
    }

    private void checkAuth(Declaration facts, Spot named, Set<String> used) {
        String key = named.value().asText();
        used.add(key);
        if (!named.value().isMissingNode()
                && !facts.root().path("settings").path(key).path("required").asBoolean()) {
            findings.broken(
                    named.finding("setting '" + key + "' authenticates, and is no required setting under 'settings'"));
        }
    }

    private void checkSet(String name, String id, String key) {
        CarrierFolder carrier = carrier(id);
        if (carrier == null) {
            findings.untidy(place(name) + "setting '" + name + "': there is no carrier '" + id + "'");
            return;
        }
        JsonNode declared = carrier.facts().root().path("settings");
        boolean known = declared.has(key) || key.startsWith(SERVICE) || key.startsWith("tariff.");
        if (!known && !carrier.facts().root().isMissingNode()) {
            findings.broken(place(name) + "setting '" + name + "' is none that " + id + " declares");
        }
        checkValue(name, key, declared.path(key));
    }

    /** What nobody else would notice before an order was sent, or its answer read. */
    private void checkValue(String name, String key, JsonNode declared) {
        String value = settings.get(name);
        String pattern = declared.path("pattern").asText(".*");
        if (!value.isEmpty() && !value.matches(pattern)) {
            findings.broken(place(name) + "setting '" + name + "': expected " + pattern
                    + (declared.path("secret").asBoolean() ? "" : ", was '" + value + "'"));
        }
        if (key.equals("zone") && !value.isEmpty() && !isZone(value)) {
            findings.broken(place(name) + "setting '" + name + "': expected a time zone such as Asia/Shanghai, was '"
                    + value + "'");
        }
    }

    private static boolean isZone(String value) {
        try {
            ZoneId.of(value);
            return true;
        } catch (DateTimeException none) {
            return false;
        }
    }

    private CarrierFolder carrier(String id) {
        return carriers.stream()
                .filter(carrier -> carrier.id().equals(id))
                .findFirst()
                .orElse(null);
    }

    private String place(String name) {
        return settings.place(name) + ": ";
    }
}
