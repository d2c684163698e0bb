package io.waybill.mapping;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A declared YAML or JSON file that remembers on which line each of its values stands.
 *
 * @param root what it says, a missing node where it could not be read
 * @param lines the line of each value, by JSON pointer
 */
public record Declaration(Path file, JsonNode root, Map<String, Integer> lines) {

    private static final ObjectMapper YAML = YAMLMapper.builder()
            // country: NO is Norway
            .enable(YAMLParser.Feature.PARSE_BOOLEAN_LIKE_WORDS_AS_STRINGS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** Reads a file; what is wrong with it becomes a finding and the root is then missing. */
    public static Declaration read(Path file, List<String> findings) {
        try {
            return read(file, Files.readAllBytes(file), findings);
        } catch (IOException e) {
            return missing(file, findings);
        }
    }

    /** The same of bytes that were read before, null if there was no such file. */
    static Declaration read(Path file, byte[] bytes, List<String> findings) {
        if (bytes == null) {
            return missing(file, findings);
        }
        ObjectMapper mapper = file.toString().endsWith(".yaml") ? YAML : JSON;
        try {
            JsonNode root = mapper.readTree(bytes);
            if (root.isMissingNode() || root.isNull()) {
                findings.add(file + ":1: is empty");
                return new Declaration(file, MissingNode.getInstance(), Map.of());
            }
            return new Declaration(file, root, lines(mapper, bytes));
        } catch (JsonProcessingException e) {
            int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
            findings.add(file + ":" + line + ": cannot be read: " + oneLine(e.getOriginalMessage()));
            return new Declaration(file, MissingNode.getInstance(), Map.of());
        } catch (IOException e) {
            return missing(file, findings);
        }
    }

    /** YAML's messages quote the file on lines of their own, which begin with blanks. */
    private static String oneLine(String message) {
        return message.lines().filter(line -> !line.startsWith(" ")).collect(Collectors.joining(", "));
    }

    private static Declaration missing(Path file, List<String> findings) {
        findings.add(file + ":1: is missing or cannot be read");
        return new Declaration(file, MissingNode.getInstance(), Map.of());
    }

    /** Reads a file and checks it against one of our own schemas. */
    static Declaration read(Path file, String schema, List<String> findings) {
        return checked(read(file, findings), schema, findings);
    }

    /** Checks what was read against one of our own schemas. */
    static Declaration checked(Declaration declaration, String schema, List<String> findings) {
        if (!declaration.root.isMissingNode()) {
            Rules.of(resource(schema))
                    .faults(declaration.root)
                    .forEach(fault -> findings.add(declaration.finding(fault.pointer(), fault.message())));
        }
        return declaration;
    }

    /** A schema of ours from the class path. */
    static JsonNode resource(String name) {
        try (InputStream in = Declaration.class.getResourceAsStream(name)) {
            return JSON.readTree(in);
        } catch (IOException e) {
            throw new IllegalStateException("schema '" + name + "' is not readable", e);
        }
    }

    /** One finding about the value at a pointer, or about the nearest value above it. */
    public String finding(String pointer, String message) {
        String at = pointer;
        while (!lines.containsKey(at) && !at.isEmpty()) {
            at = at.substring(0, at.lastIndexOf('/'));
        }
        return file + ":" + lines.getOrDefault(at, 1) + ": " + message;
    }

    private static Map<String, Integer> lines(ObjectMapper mapper, byte[] bytes) throws IOException {
        Map<String, Integer> lines = new HashMap<>();
        try (JsonParser parser = mapper.createParser(bytes)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                String pointer = parser.getParsingContext().pathAsPointer().toString();
                lines.putIfAbsent(pointer, parser.currentTokenLocation().getLineNr());
            }
        }
        return lines;
    }

    /** The texts of a list, empty where there is none. */
    public static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(text -> texts.add(text.asText()));
        return texts;
    }
}
