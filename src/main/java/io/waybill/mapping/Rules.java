package io.waybill.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.dialect.Dialects;
import io.waybill.order.Fault;
import java.util.ArrayList;
import java.util.List;

/** JSON Schema 2020-12 with formats asserted, compiled together with the words in which its errors are told; thread-safe. */
record Rules(Schema schema, Sentences sentences) {

    private static final int MOST = 1000;

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

    /** Everything in which a document breaks them, up to {@value #MOST} faults and one that says that there are more. */
    List<Fault> faults(JsonNode document) {
        First first = new First();
        List<Error> errors = schema.validate(document, context -> context.setErrors(first));
        if (errors.isEmpty()) {
            return List.of();
        }
        List<Fault> faults = sentences.faults(errors);
        if (first.more) {
            faults.add(new Fault("", "the document has more faults; only the first " + MOST + " are told"));
        }
        return faults;
    }

    /** The first errors: each takes some hundred bytes, and a small document may have very many. */
    private static final class First extends ArrayList<Error> {

        private static final long serialVersionUID = 1L;

        private boolean more;

        @Override
        public boolean add(Error error) {
            more = size() == MOST;
            return !more && super.add(error);
        }
    }
}
