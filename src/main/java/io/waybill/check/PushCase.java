package io.waybill.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.mapping.Carrier;
import io.waybill.mapping.Difference;
import io.waybill.mapping.MappingRefused;
import io.waybill.mapping.PushDeclaration;
import io.waybill.mapping.PushDeclaration.Content;
import java.util.List;

/**
 * A case about a push: {@code push.json} is {@code {kind, form, document, shipment}}, where the shipment is what was known
 * before. Its first entry becomes {@code told.json}, or {@code rejected.json} where it cannot be read.
 */
record PushCase(Case about, PushDeclaration declared, JsonNode push) {

    static PushCase of(Case about, JsonNode push) {
        return new PushCase(
                about,
                about.carrier()
                        .pushes()
                        .orElseThrow(() -> new IllegalArgumentException("push.json: carrier.yaml declares no pushes")),
                push);
    }

    List<String> differences() {
        ObjectNode seen = JsonNodeFactory.instance.objectNode();
        push.properties().stream()
                .filter(part -> part.getKey().equals("form") || part.getKey().equals("document"))
                .forEach(part -> seen.set(part.getKey(), part.getValue()));
        Content content = new Content(seen, "");
        String kind = push.path("kind").asText();
        String found = declared.kind(content).orElse("none");
        if (!found.equals(kind)) {
            return List.of("push.json: expected kind '" + kind + "', was '" + found + "'");
        }
        List<JsonNode> entries = declared.entries(content);
        if (entries.isEmpty()) {
            return List.of("push.json: holds no entry");
        }
        return compare(kind, content, entries.get(0));
    }

    private List<String> compare(String kind, Content content, JsonNode entry) {
        Carrier carrier = about.carrier();
        JsonNode known = push.path("shipment");
        ObjectNode shipment = known instanceof ObjectNode object ? object : JsonNodeFactory.instance.objectNode();
        String expected = about.has("rejected.json") ? "rejected.json" : "told.json";
        try {
            JsonNode told = carrier.pushed(kind, content, entry, about.order(), shipment, about.account());
            return Difference.between(expected, about.read(expected), Case.again(told));
        } catch (MappingRefused refused) {
            return Difference.between(expected, about.read(expected), Case.faults(refused));
        }
    }
}
