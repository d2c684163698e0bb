package io.waybill.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.dialect.Dialects;
import io.waybill.order.Fault;
import java.util.List;

/** JSON Schema 2020-12 with formats asserted, compiled together with the words in which its errors are told; thread-safe. */
record Rules(Schema schema, Sentences sentences) {

    private static final SchemaRegistryConfig CONFIG = SchemaRegistryConfig.builder()
            .formatAssertionsEnabled(true)
            .preloadSchema(true)
            .build();

    /** Compiles rules for a document of our own. */
    static Rules of(JsonNode rules) {
        return of(rules, "");
    }

    /**
     * Compiles rules.
     *
     * @param carrier whose request they describe, empty for a document of our own
     */
    static Rules of(JsonNode rules, String carrier) {
        FlatSchema flat = FlatSchema.of(rules);
        Schema compiled = SchemaRegistry.withDialect(
                        Dialects.getDraft202012(), builder -> builder.schemaRegistryConfig(CONFIG))
                .getSchema(flat.bare());
        compiled.initializeValidators();
        return new Rules(compiled, new Sentences(flat.written(), carrier));
    }

    /** Everything in which a document breaks them. */
    List<Fault> faults(JsonNode document) {
        List<Error> errors = schema.validate(document);
        return errors.isEmpty() ? List.of() : sentences.faults(errors);
    }
}
