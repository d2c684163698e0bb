package io.waybill.check;

import io.waybill.mapping.BadDeclarations;
import io.waybill.mapping.Carrier;
import io.waybill.mapping.Carriers;
import io.waybill.settings.Settings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Takes up carrier folders that were edited while the engine runs.
 *
 * <ol>
 *   <li>A folder is as it was if the bytes of its files are; its cases alone change nothing that runs.
 *   <li>What changed is compiled, checked as at a start, and run through all cases of its carrier.
 *   <li>If nothing was found and nobody edited it meanwhile, it takes the place of the old one at once. Whoever works on an
 *       order goes on with the one that he began with.
 *   <li>Else the old one stays, and why is told; once for each edit, unless it is asked for by a person.
 * </ol>
 *
 * <p>A folder that is new or gone, routes, rules and settings need a restart.
 */
public final class Reload {

    /**
     * What became of one edited folder.
     *
     * @param version of what is on the disk, as every call keeps it once it is in its place
     * @param findings why the old one stays, {@code file:line: message}; none if the new one is in its place
     */
    public record Result(String carrier, String version, List<String> findings) {

        /** Whether the new one is in its place. */
        public boolean taken() {
            return findings.isEmpty();
        }

        /** As one sentence. */
        public String words() {
            return taken()
                    ? "carrier " + carrier + ": mapping=" + version + " is taken up"
                    : "carrier " + carrier + ": mapping=" + version + " is refused, the old one stays: "
                            + String.join("; ", findings);
        }
    }

    private final Settings settings;
    private final Carriers carriers;
    private final Map<String, String> refused = new HashMap<>();

    public Reload(Settings settings, Carriers carriers) {
        this.settings = settings;
        this.carriers = carriers;
    }

    /** Looks at every folder; tells of each that was edited, also of one that was refused before. */
    public synchronized List<Result> all() {
        refused.clear();
        return edited();
    }

    /** The same, but of what was refused before only when it was edited again. */
    public synchronized List<Result> edited() {
        List<Result> results = new ArrayList<>();
        for (String id : carriers.ids()) {
            String version = carriers.versionOnDisk(id);
            if (!version.equals(carriers.get(id).version()) && !version.equals(refused.get(id))) {
                results.add(take(id, version));
            }
        }
        return results;
    }

    private Result take(String id, String version) {
        List<String> findings = new ArrayList<>();
        Optional<Carrier> compiled = compiled(id, findings);
        if (compiled.isPresent()) {
            findings.addAll(declared(id));
            findings.addAll(cases(carriers.compileUnset(id)));
            if (!carriers.versionOnDisk(id).equals(compiled.get().version())) {
                findings.add(folder(id) + ":1: it is being edited at this moment");
            }
        }
        if (findings.isEmpty()) {
            carriers.replace(compiled.get());
            refused.remove(id);
            return new Result(id, compiled.get().version(), List.of());
        }
        refused.put(id, version);
        return new Result(id, version, findings);
    }

    private Optional<Carrier> compiled(String id, List<String> findings) {
        try {
            return Optional.of(carriers.compile(id));
        } catch (BadDeclarations bad) {
            findings.addAll(bad.findings());
            return Optional.empty();
        }
    }

    private List<String> declared(String id) {
        return new Check(settings)
                .declared().stream()
                        .filter(Finding::stops)
                        .filter(finding ->
                                Path.of(finding.file()).toAbsolutePath().startsWith(folder(id)))
                        .map(Finding::toString)
                        .toList();
    }

    private List<String> cases(Carrier carrier) {
        Path folder = folder(carrier.id()).resolve("cases");
        List<Case> cases = CarrierFolder.folders(folder).stream()
                .map(each -> new Case(each, carrier, carriers.orders()))
                .toList();
        if (cases.isEmpty()) {
            return List.of(folder + ":1: there is no case, so nothing proves it");
        }
        return cases.stream()
                .flatMap(each -> each.differences().stream()
                        .map(difference ->
                                each.folder().resolve("order.json") + ":1: the case does not hold: " + difference))
                .toList();
    }

    private Path folder(String id) {
        return settings.home().resolve("mappings").resolve(id);
    }
}
