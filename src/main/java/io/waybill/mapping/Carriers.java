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
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * All carrier folders of {@code mappings/}, compiled; thread-safe. A carrier whose files were edited is compiled again with
 * {@link #compile} and, once it is known to be good, put in the place of the old one with {@link #replace}; who holds the old
 * one works on with it.
 */
public final class Carriers {

    private final Path mappings;
    private final OrderSchema orders;
    private final Clock clock;
    private final Function<String, Map<String, String>> settings;
    private final Map<String, Carrier> carriers;

    private Carriers(
            Path mappings,
            OrderSchema orders,
            Clock clock,
            Function<String, Map<String, String>> settings,
            Map<String, Carrier> carriers) {
        this.mappings = mappings;
        this.orders = orders;
        this.clock = clock;
        this.settings = settings;
        this.carriers = new ConcurrentSkipListMap<>(carriers);
    }

    /**
     * Compiles every folder below {@code mappings} and checks it against {@code mappings/order.schema.json}.
     *
     * @throws BadDeclarations if anything is wrong, with all findings of all folders
     */
    public static Carriers load(Path mappings) {
        return load(mappings, carrier -> Map.of());
    }

    /**
     * The same for an installation.
     *
     * @param settings from a carrier to its own settings {@code waybill.carrier.<carrier>.<name>}, by name
     */
    public static Carriers load(Path mappings, Function<String, Map<String, String>> settings) {
        return load(mappings, settings, Clock.systemUTC());
    }

    static Carriers load(Path mappings, Clock clock) {
        return load(mappings, carrier -> Map.of(), clock);
    }

    private static Carriers load(Path mappings, Function<String, Map<String, String>> settings, Clock clock) {
        List<String> findings = new ArrayList<>();
        Map<String, Carrier> carriers = new TreeMap<>();
        OrderSchema orders = OrderSchema.load(mappings.resolve("order.schema.json"), findings);
        if (orders != null) {
            for (Path folder : folders(mappings, findings)) {
                String id = folder.getFileName().toString();
                carriers.put(id, new Folder(folder, orders, clock, settings.apply(id), findings).compile());
            }
        }
        if (!findings.isEmpty()) {
            throw new BadDeclarations(findings);
        }
        return new Carriers(mappings, orders, clock, settings, carriers);
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

    /** The order schema that the carriers were compiled with. */
    public OrderSchema orders() {
        return orders;
    }

    /** The {@link Carrier#version} that a folder would have if it were compiled now. */
    public String versionOnDisk(String id) {
        return FolderFiles.read(mappings.resolve(get(id).id())).version(orders);
    }

    /**
     * Compiles the folder of a carrier as it is now; changes nothing.
     *
     * @throws BadDeclarations if anything is wrong with it
     */
    public Carrier compile(String id) {
        return compile(id, settings.apply(id));
    }

    /** The same as if nothing were set, which is how its cases are run. */
    public Carrier compileUnset(String id) {
        return compile(id, Map.of());
    }

    private Carrier compile(String id, Map<String, String> set) {
        List<String> findings = new ArrayList<>();
        Carrier compiled = new Folder(mappings.resolve(get(id).id()), orders, clock, set, findings).compile();
        if (!findings.isEmpty()) {
            throw new BadDeclarations(findings);
        }
        return compiled;
    }

    /** From now on, whoever asks for this carrier gets this one. */
    public void replace(Carrier carrier) {
        carriers.put(get(carrier.id()).id(), carrier);
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
