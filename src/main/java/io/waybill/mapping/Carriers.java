package io.waybill.mapping;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** All carrier folders of {@code mappings/}, compiled once; thread-safe. */
public final class Carriers {

    private final Map<String, Carrier> carriers;

    private Carriers(Map<String, Carrier> carriers) {
        this.carriers = carriers;
    }

    /**
     * Compiles every folder below {@code mappings} and checks it against {@code mappings/order.schema.json}.
     *
     * @throws BadDeclarations if anything is wrong, with all findings of all folders
     */
    public static Carriers load(Path mappings) {
        return load(mappings, Clock.systemUTC());
    }

    static Carriers load(Path mappings, Clock clock) {
        List<String> findings = new ArrayList<>();
        Map<String, Carrier> carriers = new TreeMap<>();
        OrderSchema orders = OrderSchema.load(mappings.resolve("order.schema.json"), findings);
        if (orders != null) {
            for (Path folder : folders(mappings, findings)) {
                carriers.put(folder.getFileName().toString(), new Folder(folder, orders, clock, findings).compile());
            }
        }
        if (!findings.isEmpty()) {
            throw new BadDeclarations(findings);
        }
        return new Carriers(carriers);
    }

    /** The ids of all carriers, sorted. */
    public Set<String> ids() {
        return java.util.Collections.unmodifiableSet(carriers.keySet());
    }

    /**
     * One carrier.
     *
     * @throws IllegalArgumentException if there is no folder of that name
     */
    public Carrier get(String id) {
        Carrier carrier = carriers.get(id);
        if (carrier == null) {
            throw new IllegalArgumentException("carrier '" + id + "': expected one of " + String.join(", ", ids()));
        }
        return carrier;
    }

    private static List<Path> folders(Path mappings, List<String> findings) {
        try (Stream<Path> files = Files.list(mappings)) {
            return files.filter(Files::isDirectory)
                    .filter(folder -> !folder.getFileName().toString().startsWith("."))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            findings.add(mappings + ":1: is missing or cannot be read");
            return List.of();
        }
    }
}
