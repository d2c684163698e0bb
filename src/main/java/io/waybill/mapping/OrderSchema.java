package io.waybill.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.order.Fault;
import io.waybill.order.Fingerprint;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * The public contract of an order, from {@code mappings/order.schema.json}: says everything that is wrong with a document
 * and fills in the defaults that the schema declares. Compiled once, thread-safe.
 */
public final class OrderSchema {

    /** What the validator says of the 0 that stands for a fractional number where none may stand at all. */
    private static final String NO_NUMBER = ", was a whole number";

    private final JsonNode schema;
    private final Rules rules;
    private final Defaults defaults;
    private final String version;

    private OrderSchema(JsonNode schema) {
        this.schema = schema;
        this.rules = Rules.of(schema);
        this.defaults = Defaults.of(schema, schema);
        this.version = Fingerprint.of(schema.toString().getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Compiles the schema file.
     *
     * @throws BadDeclarations if the file is missing or no schema
     */
    public static OrderSchema load(Path file) {
        List<String> findings = new ArrayList<>();
        OrderSchema schema = load(file, findings);
        if (schema == null) {
            throw new BadDeclarations(findings);
        }
        return schema;
    }

    static OrderSchema load(Path file, List<String> findings) {
        Declaration declaration = Declaration.read(file, findings);
        return declaration.root().isMissingNode() ? null : new OrderSchema(declaration.root());
    }

    /** All faults of a document at once, each with its pointer and one sentence; empty if it is a legal order. */
    public List<Fault> faults(JsonNode order) {
        List<Fault> faults = new ArrayList<>(Numbers.faults(order));
        // the validator would write 1e999999999 out in full to compare it
        JsonNode comparable = faults.isEmpty() ? order : Numbers.replaced(order);
        for (Fault fault : rules.faults(comparable)) {
            if (fault.message().endsWith(NO_NUMBER) && faults.removeIf(sameAs(fault))) {
                faults.add(new Fault(fault.pointer(), fault.message().replace(NO_NUMBER, ", was a number")));
            } else if (faults.stream().noneMatch(sameAs(fault))) {
                faults.add(fault);
            }
        }
        return faults;
    }

    private static Predicate<Fault> sameAs(Fault fault) {
        return known -> known.pointer().equals(fault.pointer());
    }

    /** A legal order in which every default of the schema is written out; shares what needs none with the one it came from. */
    public ObjectNode withDefaults(ObjectNode order) {
        return defaults.fill(order);
    }

    /** The fields in which two legal orders differ, as people write them: {@code items[0].quantity}; no value is told. */
    public List<String> differing(JsonNode first, JsonNode other) {
        return Differing.fields(this, first, other);
    }

    /** The SHA-256 of what it says; its defaults are part of what carriers are sent. */
    String version() {
        return version;
    }

    /** The declared default of a field, missing if there is none; {@code path} as in {@code billing.payer}. */
    JsonNode defaultOf(String path) {
        return field(path).path("default");
    }

    /** Whether the schema declares the field {@code recipient.eori} or {@code items.sku}. */
    boolean declares(String path) {
        return !field(path).isMissingNode();
    }

    private JsonNode field(String path) {
        JsonNode at = schema;
        for (String name : path.split("\\.")) {
            JsonNode holder = SchemaTree.resolved(schema, at);
            JsonNode properties = holder.has("items") ? SchemaTree.resolved(schema, holder.path("items")) : holder;
            at = properties.path("properties").path(name);
        }
        return at;
    }
}
