package io.waybill.check;

import com.fasterxml.jackson.databind.JsonNode;
import io.waybill.mapping.Declaration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** One value of a declared file, which knows where it stands. */
record Spot(Declaration file, String pointer, JsonNode value) {

    static Spot root(Declaration file) {
        return new Spot(file, "", file.root());
    }

    Spot child(String name) {
        return new Spot(file, pointer + "/" + name.replace("~", "~0").replace("/", "~1"), value.path(name));
    }

    /** The last name on the way here. */
    String name() {
        return pointer.substring(pointer.lastIndexOf('/') + 1);
    }

    String text(String name) {
        return value.path(name).asText();
    }

    List<Spot> children() {
        List<Spot> children = new ArrayList<>();
        if (value.isArray()) {
            for (int i = 0; i < value.size(); i++) {
                children.add(new Spot(file, pointer + "/" + i, value.get(i)));
            }
        } else {
            value.fieldNames().forEachRemaining(name -> children.add(child(name)));
        }
        return children;
    }

    /** This and everything below it, in the order of the file. */
    void each(Consumer<Spot> seen) {
        seen.accept(this);
        children().forEach(child -> child.each(seen));
    }

    String finding(String message) {
        return file.finding(pointer, message);
    }

    /** Where it stands, as {@code file:line}. */
    String place() {
        String finding = finding("");
        return finding.substring(0, finding.length() - 2);
    }
}
