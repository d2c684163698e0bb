package io.waybill.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.dialect.Dialects;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is left out of a schema before it is compiled changes nothing of what is found, nor of how it is told. */
class FlatSchemaTest {

    private static final SchemaRegistryConfig FORMATS =
            SchemaRegistryConfig.builder().formatAssertionsEnabled(true).build();
    private static final List<String> WRONG =
            List.of("7", "\"\"", "\"a'b\"", "null", "[]", "{}", "\"" + "x".repeat(1200) + "\"", "-1.5");

    @Test
    void everythingWrongWithAnOrderIsFoundAsTheWholeSchemaFindsIt() throws IOException {
        JsonNode schema = read(Path.of("mappings/order.schema.json"));

        for (Path order : files("order.json").limit(12).toList()) {
            compare(schema, "", read(order));
        }
    }

    @Test
    void everythingWrongWithARequestIsFoundAsTheWholeSchemaFindsIt() throws IOException {
        for (Path request : files("request.json").toList()) {
            Path carrier = request.getParent().getParent().getParent();
            Path call = request.resolveSibling("call.json");
            String step = Files.exists(call) ? read(call).path("step").asText() : "book";
            Path own = carrier.resolve(step + ".request.schema.json");
            JsonNode schema = read(Files.exists(own) ? own : carrier.resolve("book.request.schema.json"));

            compare(schema, carrier.getFileName().toString(), read(request));
        }
    }

    @Test
    void noReferenceIsLeftButThatOfADefinitionToItself() throws IOException {
        JsonNode list = Cases.JSON.readTree(
                """
                {"$defs": {"text": {"type": "string", "description": "a text"},
                           "list": {"type": "object", "properties": {"head": {"$ref": "#/$defs/text"},
                                                                    "tail": {"$ref": "#/$defs/list"}}}},
                 "properties": {"list": {"$ref": "#/$defs/list", "description": "a list"},
                                "text": {"$ref": "#/$defs/text", "type": ["string", "null"]}}}
                """);

        FlatSchema flat = FlatSchema.of(list);

        assertThat(flat.written().at("/properties/list/properties/head"))
                .isEqualTo(Cases.JSON.readTree("{\"type\": \"string\"}"));
        assertThat(flat.written().at("/properties/list/properties/tail/$ref").asText())
                .isEqualTo("#/$defs/list");
        assertThat(flat.written().at("/properties/text/$ref").asText()).isEqualTo("#/$defs/text");
        assertThat(flat.bare().findValue("description")).isNull();
        compare(
                list,
                "",
                Cases.JSON.readTree("{\"list\": {\"head\": \"a\", \"tail\": {\"head\": \"b\"}}, \"text\": null}"));
    }

    /** The document as it is, and with one thing wrong, for each value in it. */
    private static void compare(JsonNode schema, String carrier, JsonNode document) throws IOException {
        Schema whole = SchemaRegistry.withDialect(
                        Dialects.getDraft202012(), builder -> builder.schemaRegistryConfig(FORMATS))
                .getSchema(schema);
        Sentences sentences = new Sentences(schema, carrier);
        Rules rules = Rules.of(schema, carrier);
        Consumer<JsonNode> same =
                changed -> assertThat(rules.faults(changed)).isEqualTo(sentences.faults(whole.validate(changed)));
        same.accept(document);
        change(document, document, same);
    }

    private static void change(JsonNode whole, JsonNode at, Consumer<JsonNode> same) throws IOException {
        if (at instanceof ObjectNode object) {
            for (String name : names(object)) {
                JsonNode value = object.get(name);
                change(whole, value, same);
                for (String wrong : WRONG) {
                    object.set(name, Cases.JSON.readTree(wrong));
                    same.accept(whole);
                }
                object.remove(name);
                same.accept(whole);
                object.set(name, value);
            }
            object.put("unheardOf", 1);
            same.accept(whole);
            object.remove("unheardOf");
        } else if (at instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                JsonNode value = array.get(i);
                change(whole, value, same);
                array.set(i, 7);
                same.accept(whole);
                array.set(i, value);
            }
        }
    }

    private static List<String> names(ObjectNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static Stream<Path> files(String name) throws IOException {
        return Files.walk(Path.of("mappings"))
                .filter(file -> file.getFileName().toString().equals(name))
                .sorted();
    }

    private static JsonNode read(Path file) throws IOException {
        return Cases.JSON.readTree(file.toFile());
    }
}
