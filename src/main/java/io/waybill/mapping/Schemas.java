package io.waybill.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;

/** Compiles JSON Schema 2020-12 with formats asserted; what it returns is thread-safe. */
final class Schemas {

    private static final SchemaRegistryConfig CONFIG = SchemaRegistryConfig.builder()
            .formatAssertionsEnabled(true)
            .preloadSchema(true)
            .build();

    private Schemas() {}

    static Schema compile(JsonNode schema) {
        Schema compiled = SchemaRegistry.withDefaultDialect(
                        SpecificationVersion.DRAFT_2020_12, builder -> builder.schemaRegistryConfig(CONFIG))
                .getSchema(schema);
        compiled.initializeValidators();
        return compiled;
    }
}
