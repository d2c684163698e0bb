package io.waybill.draft;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.swagger.v3.core.util.Json;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem.HttpMethod;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.security.SecurityScheme;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.ParseOptions;
import io.swagger.v3.parser.core.models.SwaggerParseResult;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads the create of a carrier from an OpenAPI 3 document; calls nobody, so that references to elsewhere are refused. */
final class OpenApi {

    private static final ObjectMapper SCHEMAS = Json.mapper();
    private static final String FORM = "application/x-www-form-urlencoded";

    private OpenApi() {}

    /** One operation with a body. */
    private record Found(String path, HttpMethod method, Operation operation, MediaType body, boolean form) {

        private boolean is(String name) {
            return name.equals(operation.getOperationId()) || name.equals(path);
        }

        private String name() {
            return operation.getOperationId() == null ? path : operation.getOperationId();
        }
    }

    static CarrierApi read(Path file, JsonNode document, String operation) {
        document.findValues("$ref").stream()
                .map(JsonNode::asText)
                .filter(reference -> !reference.startsWith("#/"))
                .findFirst()
                .ifPresent(reference -> {
                    throw new IllegalArgumentException(file + ":1: '" + reference
                            + "' is a reference to elsewhere; put what it names into this document");
                });
        OpenAPI api = parse(file, document);
        Found found = choose(file, candidates(api), operation);
        Map.Entry<Integer, JsonNode> success = success(found.operation());
        return new CarrierApi(
                found.method().name(),
                server(api) + found.path(),
                found.form(),
                auth(api),
                Schemas.tidy(SCHEMAS.valueToTree(found.body().getSchema()), found.form()),
                Schemas.tidy(success.getValue(), false),
                success.getKey(),
                List.of());
    }

    private static OpenAPI parse(Path file, JsonNode document) {
        ParseOptions options = new ParseOptions();
        options.setResolve(true);
        options.setResolveFully(true);
        SwaggerParseResult result = new OpenAPIV3Parser().readContents(document.toString(), null, options);
        if (result.getOpenAPI() == null || result.getOpenAPI().getPaths() == null) {
            throw new IllegalArgumentException(
                    file + ":1: is no OpenAPI 3 document: " + String.join("; ", result.getMessages()));
        }
        return result.getOpenAPI();
    }

    private static List<Found> candidates(OpenAPI api) {
        List<Found> found = new ArrayList<>();
        api.getPaths().forEach((path, item) -> item.readOperationsMap().forEach((method, operation) -> {
            Content content = operation.getRequestBody() == null
                    ? null
                    : operation.getRequestBody().getContent();
            boolean creates = method == HttpMethod.POST || method == HttpMethod.PUT;
            if (content != null && creates) {
                Optional<MediaType> json = content.entrySet().stream()
                        .filter(type -> type.getKey().contains("json"))
                        .map(Map.Entry::getValue)
                        .findFirst();
                Optional<MediaType> body = json.or(() -> Optional.ofNullable(content.get(FORM)));
                body.filter(type -> type.getSchema() != null)
                        .ifPresent(type -> found.add(new Found(path, method, operation, type, json.isEmpty())));
            }
        }));
        return found;
    }

    private static Found choose(Path file, List<Found> candidates, String operation) {
        List<Found> meant = candidates.stream()
                .filter(found -> operation == null || found.is(operation))
                .toList();
        if (meant.size() == 1) {
            return meant.get(0);
        }
        List<String> names = candidates.stream().map(Found::name).toList();
        throw new IllegalArgumentException(file + ":1: "
                + (names.isEmpty()
                        ? "no operation sends a JSON document or a form"
                        : "which operation books? give --operation, one of " + String.join(", ", names)));
    }

    private static Map.Entry<Integer, JsonNode> success(Operation operation) {
        Stream<String> codes = operation.getResponses() == null
                ? Stream.of()
                : operation.getResponses().keySet().stream().filter(code -> code.matches("2[0-9][0-9]"));
        String code = codes.sorted().findFirst().orElse("200");
        ObjectNode none = JsonNodeFactory.instance.objectNode();
        JsonNode schema = none;
        if (operation.getResponses() != null && operation.getResponses().get(code) != null) {
            Content content = operation.getResponses().get(code).getContent();
            schema = content == null
                    ? none
                    : content.values().stream()
                            .filter(type -> type.getSchema() != null)
                            .<JsonNode>map(type -> SCHEMAS.valueToTree(type.getSchema()))
                            .findFirst()
                            .orElse(none);
        }
        return Map.entry(Integer.parseInt(code), schema);
    }

    private static String server(OpenAPI api) {
        if (api.getServers() == null || api.getServers().isEmpty()) {
            return "";
        }
        try {
            String path = URI.create(api.getServers().get(0).getUrl()).getPath();
            return path == null ? "" : path.replaceAll("/+$", "");
        } catch (IllegalArgumentException e) {
            // a server with variables: its path is left to whoever sets the url
            return "";
        }
    }

    private static ObjectNode auth(OpenAPI api) {
        ObjectNode auth = JsonNodeFactory.instance.objectNode();
        if (api.getComponents() == null || api.getComponents().getSecuritySchemes() == null) {
            return auth;
        }
        for (SecurityScheme scheme : api.getComponents().getSecuritySchemes().values()) {
            if (scheme.getType() == SecurityScheme.Type.HTTP && "bearer".equalsIgnoreCase(scheme.getScheme())) {
                return auth.put("recipe", "bearer").put("token", "token");
            }
            if (scheme.getType() == SecurityScheme.Type.APIKEY && scheme.getIn() == SecurityScheme.In.HEADER) {
                auth.put("recipe", "header-keys").putObject("headers").put(scheme.getName(), "api-key");
                return auth;
            }
        }
        return auth;
    }
}
