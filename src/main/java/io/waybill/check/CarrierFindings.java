package io.waybill.check;

import io.waybill.mapping.Declaration;
import io.waybill.settings.Settings;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * All rules about carrier folders that the loader does not know.
 *
 * @param orders the schema of an order
 */
record CarrierFindings(List<CarrierFolder> carriers, Declaration orders, Settings settings, Findings findings) {

    /** What can be said without applying a mapping. */
    void checkDeclared(Path rules, Set<String> served) {
        new RoutedCarriers(carriers, settings, findings).check(rules, served);
        new EngineSettings(settings, findings).check();
        new AccountSettings(carriers, settings, findings).check();
        for (CarrierFolder carrier : carriers) {
            new CodeTables(carrier, Fields.of(orders.root()), findings).check();
            new RequestKeys(carrier, findings).check();
            new NotFilled(carrier, findings).check();
            new LeftToFillIn(carrier, findings).check();
        }
    }

    void checkCaseFiles() {
        carriers.forEach(carrier -> new CaseFiles(carrier, findings).check());
    }

    void checkCoverage(CaseBook cases) {
        List<Set<String>> unread = carriers.stream()
                .map(carrier -> new Coverage(carrier, cases.of(carrier.id()), findings).check(orders.root()))
                .toList();
        new UnreadFields(orders, findings).check(unread);
    }
}
