package io.waybill.check;

import com.fasterxml.jackson.databind.JsonNode;
import io.waybill.settings.Settings;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** All rules about carrier folders that the loader does not know. */
record CarrierFindings(List<CarrierFolder> carriers, Settings settings, Findings findings) {

    /** What can be said without applying a mapping. */
    void checkDeclared(Path rules, Set<String> served) {
        new RoutedCarriers(carriers, settings, findings).check(rules, served);
        new EngineSettings(settings, findings).check();
        new AccountSettings(carriers, settings, findings).check();
        for (CarrierFolder carrier : carriers) {
            new CodeTables(carrier, findings).check();
            new RequestKeys(carrier, findings).check();
            new NotFilled(carrier, findings).check();
            new LeftToFillIn(carrier, findings).check();
        }
    }

    void checkCaseFiles() {
        carriers.forEach(carrier -> new CaseFiles(carrier, findings).check());
    }

    void checkCoverage(CaseBook cases, JsonNode orderSchema) {
        carriers.forEach(carrier -> new Coverage(carrier, cases.of(carrier.id()), findings).check(orderSchema));
    }
}
