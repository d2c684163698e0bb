package io.waybill.check;

import com.fasterxml.jackson.databind.node.MissingNode;
import io.waybill.mapping.Declaration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** One carrier folder as its files stand there; what cannot be read at all is found by the loader, not here. */
record CarrierFolder(
        Path folder,
        Declaration facts,
        Declaration codes,
        List<MappingText> mappings,
        Map<String, Declaration> schemas) {

    static List<CarrierFolder> all(Path mappings) {
        return folders(mappings).stream().map(CarrierFolder::read).toList();
    }

    private static CarrierFolder read(Path folder) {
        List<String> ignored = new ArrayList<>();
        List<MappingText> texts = new ArrayList<>();
        Map<String, Declaration> schemas = new TreeMap<>();
        Declaration facts = Declaration.read(folder.resolve("carrier.yaml"), ignored);
        facts.root().path("operations").properties().forEach(declared -> {
            String operation = declared.getKey();
            if (declared.getValue().has("like")) {
                // what it shares is read once
                return;
            }
            texts.add(MappingText.read(folder.resolve(operation + ".request.jslt")));
            texts.add(MappingText.read(folder.resolve(operation + ".response.jslt")));
            schemas.put(operation, Declaration.read(folder.resolve(operation + ".request.schema.json"), ignored));
        });
        facts.root()
                .at("/pushes/kinds")
                .fieldNames()
                .forEachRemaining(kind -> texts.add(MappingText.read(folder.resolve(kind + ".response.jslt"))));
        shared(folder).forEach(file -> texts.add(MappingText.read(file)));
        Declaration codes = Declaration.read(folder.resolve("codes.json"), ignored);
        return new CarrierFolder(folder, facts, codes, texts, schemas);
    }

    /** The mappings that others import. */
    private static List<Path> shared(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().matches("[^.]+\\.jslt"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    String id() {
        return folder.getFileName().toString();
    }

    /** The operations that have mappings and a schema of their own. */
    Set<String> operations() {
        return schemas.keySet();
    }

    /** The operation whose mappings and schema one has; mostly itself. */
    String like(String operation) {
        return facts.root().at("/operations/" + operation + "/like").asText(operation);
    }

    MappingText request(String operation) {
        Path file = folder.resolve(operation + ".request.jslt");
        return mappings.stream()
                .filter(mapping -> mapping.file().equals(file))
                .findFirst()
                .orElseGet(() -> new MappingText(file, ""));
    }

    /** The request schema of an operation, without content where there is none. */
    Declaration schema(String operation) {
        Path file = folder.resolve(operation + ".request.schema.json");
        return schemas.getOrDefault(operation, new Declaration(file, MissingNode.getInstance(), Map.of()));
    }

    /** The folders of its cases, sorted. */
    List<Path> cases() {
        return folders(folder.resolve("cases"));
    }

    static List<Path> folders(Path parent) {
        try (Stream<Path> files = Files.list(parent)) {
            return files.filter(Files::isDirectory)
                    .filter(file -> !file.getFileName().toString().startsWith("."))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }
}
