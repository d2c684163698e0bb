package io.waybill.check;

import io.waybill.mapping.BadDeclarations;
import io.waybill.mapping.CarrierRules;
import io.waybill.mapping.Carriers;
import io.waybill.mapping.Declaration;
import io.waybill.settings.Settings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Everything that is declared, checked before anything runs.
 *
 * <ol>
 *   <li>Settings: names that nobody reads.
 *   <li>Routes: what Camel would accept in silence, see {@link RouteFindings}.
 *   <li>Carriers: what does not compile, and where mappings, code tables, schemas and settings disagree, see
 *       {@link CarrierFindings}.
 *   <li>Cases: whether they are complete and prove every field and key, see {@link CaseFiles} and {@link Coverage}.
 * </ol>
 */
public final class Check {

    private final Settings settings;
    private final Path routes;
    private final Path mappings;

    /** @param settings as {@link Settings#read} gives them, so that unknown names are findings too */
    public Check(Settings settings) {
        this.settings = settings;
        this.routes = settings.home().resolve("routes");
        this.mappings = settings.home().resolve("mappings");
    }

    /** What can be said without applying a mapping; quick enough for every start. */
    public List<Finding> declared() {
        Findings findings = new Findings();
        declared(findings);
        return findings.sorted();
    }

    /** All findings. */
    public List<Finding> all() {
        Findings findings = new Findings();
        CarrierFindings carriers = declared(findings);
        carriers.checkCaseFiles();
        // a case can only be run where everything compiles, which is found above
        loads(new Findings(), () -> carriers.checkCoverage(CaseBook.open(mappings)));
        return findings.sorted();
    }

    private CarrierFindings declared(Findings findings) {
        Set<String> served = new RouteFindings(routes, settings, findings).check();
        Path rules = routes.resolve("carrier-rules.yaml");
        loads(findings, () -> CarrierRules.load(rules));
        loads(findings, () -> Carriers.load(mappings, settings::carrier));
        Declaration orders = Declaration.read(mappings.resolve("order.schema.json"), new ArrayList<>());
        CarrierFindings carriers = new CarrierFindings(CarrierFolder.all(mappings), orders, settings, findings);
        carriers.checkDeclared(rules, served);
        return carriers;
    }

    private static void loads(Findings findings, Runnable load) {
        try {
            load.run();
        } catch (BadDeclarations bad) {
            findings.broken(bad.findings());
        }
    }
}
