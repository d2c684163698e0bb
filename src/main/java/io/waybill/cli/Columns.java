package io.waybill.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A row of a list as one line: its values, the order's identity first, separated by tabs; what is missing is {@code -}. */
final class Columns {

    private Columns() {}

    /** @param names which values follow the order's identity */
    static String of(JsonNode row, String... names) {
        return line(row, Stream.concat(Stream.of("order", "account", "reissue"), Stream.of(names)));
    }

    /** @param names which values there are */
    static String line(JsonNode row, Stream<String> names) {
        return names.map(name -> row.path(name).asText())
                .map(value -> value.isEmpty() ? "-" : value)
                .collect(Collectors.joining("\t"));
    }
}
