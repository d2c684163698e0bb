package io.waybill.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.keyword.NonValidationKeyword;

/** Compiles JSON Schema 2020-12 with formats asserted; what it returns is thread-safe. */
final class Schemas {

    private static final SchemaRegistryConfig CONFIG = SchemaRegistryConfig.builder()
            .formatAssertionsEnabled(true)
            .preloadSchema(true)
            .build();

    /** JSON Schema 2020-12 and the notes that {@link Sentences} reads. */
    private static final Dialect DIALECT = Dialect.builder(Dialects.getDraft202012())
            .keyword(new NonValidationKeyword("x-expected"))
            .keyword(new NonValidationKeyword("x-hints"))
            .keyword(new NonValidationKeyword("x-order"))
            .build();

    private Schemas() {}

    static Schema compile(JsonNode schema) {
        Schema compiled = SchemaRegistry.withDialect(DIALECT, builder -> builder.schemaRegistryConfig(CONFIG))
                .getSchema(schema);
        compiled.initializeValidators();
        return compiled;
    }
}
