package io.waybill.check;

import io.waybill.check.Fields.Field;
import java.util.List;

/** What carrier.yaml says is never filled or may be cut agrees with the request schemas. */
record NotFilled(CarrierFolder carrier, Findings findings) {

    void check() {
        for (Spot entry : Spot.root(carrier.facts()).child("not-filled").children()) {
            if (fields(entry).contains(entry.text("field"))) {
                findings.untidy(entry.child("field")
                        .finding("'" + entry.text("field") + "' is filled, and is listed as not filled"));
            }
        }
        for (Spot entry : Spot.root(carrier.facts()).child("cuts").children()) {
            String field = entry.text("field");
            Fields all = Fields.of(carrier.schema(operation(entry)).root());
            if (!fields(entry).contains(field)) {
                findings.broken(entry.child("field").finding("'" + field + "' is no field of the request schema"));
            }
            all.all().stream()
                    .filter(each -> each.path().equals(field))
                    .map(each -> all.rule(each, "maxLength").asInt(Integer.MAX_VALUE))
                    .filter(longest -> entry.value().path("length").asInt() > longest)
                    .forEach(longest -> findings.broken(entry.child("length")
                            .finding("'" + field + "' is cut to more than the " + longest
                                    + " characters that the request schema takes")));
        }
    }

    private List<String> fields(Spot entry) {
        return Fields.of(carrier.schema(operation(entry)).root()).all().stream()
                .map(Field::path)
                .toList();
    }

    private static String operation(Spot entry) {
        return entry.text("operation").isEmpty() ? "book" : entry.text("operation");
    }
}
