package io.waybill.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A row of a list as one line: its values, the order's identity first, separated by tabs; what is missing is {@code -}. */
final class Columns {

    private Columns() {}

    /** @param names which values follow the order's identity */
    static String of(JsonNode row, String... names) {
        List<String> values = new ArrayList<>();
        Stream.concat(Stream.of("order", "account", "reissue"), Stream.of(names))
                .forEach(name -> {
                    String value = row.path(name).asText();
                    values.add(value.isEmpty() ? "-" : value);
                });
        return String.join("\t", values);
    }
}
