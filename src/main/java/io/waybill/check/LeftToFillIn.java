package io.waybill.check;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** What a draft left to whoever knows: {@code fill-in("...")} in a mapping, and facts and codes that begin with "fill in". */
record LeftToFillIn(CarrierFolder carrier, Findings findings) {

    private static final Pattern CALL = Pattern.compile("fill-in\\(\\s*\"([^\"]*)\"\\s*\\)");
    private static final String MARK = "fill in";

    void check() {
        for (MappingText mapping : carrier.mappings()) {
            for (MatchResult call : mapping.matches(CALL)) {
                findings.untidy(mapping.finding(call, "'" + call.group(1) + "' is left to fill in"));
            }
        }
        for (Spot root : List.of(Spot.root(carrier.facts()), Spot.root(carrier.codes()))) {
            root.each(spot -> {
                String text = spot.value().isTextual() ? spot.value().asText() : "";
                if (text.startsWith(MARK)) {
                    findings.untidy(
                            spot.finding("'" + name(spot) + "' is left to fill in" + text.substring(MARK.length())));
                } else if (text.equals("/fill-in")) {
                    findings.untidy(spot.finding("the path is left to fill in"));
                }
            });
        }
    }

    /** The field of our order that an entry is about, else where it stands. */
    private static String name(Spot spot) {
        String entry = spot.pointer().substring(0, spot.pointer().lastIndexOf('/'));
        return spot.file()
                .root()
                .at(entry)
                .path("field")
                .asText(spot.pointer().substring(1).replace('/', '.'));
    }
}
