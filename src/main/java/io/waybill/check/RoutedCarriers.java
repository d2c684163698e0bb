package io.waybill.check;

import io.waybill.mapping.Declaration;
import io.waybill.settings.Settings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The carrier rules choose what is there, and each carrier has a route that takes its orders. */
record RoutedCarriers(List<CarrierFolder> carriers, Settings settings, Findings findings) {

    /** @param served what routes take from, such as {@code seda:kdniao} */
    void check(Path rules, Set<String> served) {
        Spot.root(Declaration.read(rules, new ArrayList<>())).child("rules").children().stream()
                .map(rule -> rule.child("then"))
                .filter(then -> then.value().has("carrier"))
                .forEach(this::checkChoice);
        for (CarrierFolder carrier : carriers) {
            if (!served.contains("seda:" + carrier.id())) {
                findings.broken(carrier.facts()
                        .finding(
                                "/carrier",
                                "no route takes from 'seda:" + carrier.id() + "', so its orders would wait for ever"));
            }
        }
    }

    private void checkChoice(Spot then) {
        String id = then.text("carrier");
        String service = then.text("service");
        carriers.stream()
                .filter(carrier -> carrier.id().equals(id))
                .findFirst()
                .ifPresentOrElse(
                        carrier -> {
                            if (!service.isEmpty() && !isService(carrier, service)) {
                                findings.broken(then.child("service")
                                        .finding("service '" + service + "' is none of " + id
                                                + "; its codes.json or 'service." + service
                                                + "' of an account must name it"));
                            }
                        },
                        () -> findings.broken(
                                then.child("carrier").finding("carrier '" + id + "' has no folder in mappings/")));
    }

    private boolean isService(CarrierFolder carrier, String service) {
        return carrier.codes().root().isMissingNode()
                || carrier.codes().root().path("service").has(service)
                || settings.below("waybill.account.").keySet().stream()
                        .anyMatch(name -> name.endsWith("." + carrier.id() + ".service." + service));
    }
}
