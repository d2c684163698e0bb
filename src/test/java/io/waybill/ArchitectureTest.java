package io.waybill;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Comparator;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The arrows of the design point one way, and each library has its room. */
class ArchitectureTest {

    private static final JavaClasses WAYBILL = classesOfWaybill();

    /** The rules are about names of packages, so nothing has to be known of the classes of others. */
    private static JavaClasses classesOfWaybill() {
        ArchConfiguration.get().setResolveMissingDependenciesFromClassPath(false);
        return new ClassFileImporter(java.util.List.of(new ImportOption.DoNotIncludeTests()))
                .importPackages("io.waybill");
    }

    @Test
    void packagesDoNotDependOnEachOtherInACircle() {
        slices().matching("io.waybill.(*)..").should().beFreeOfCycles().check(WAYBILL);
    }

    @ParameterizedTest
    @CsvSource({
        "order, order",
        "settings, settings",
        "mapping, mapping order",
        "ledger, ledger order",
        "sink, sink ledger order",
        "intake, intake order",
        "route, route intake sink ledger mapping order settings",
        "access, access",
        "watch, watch ledger order",
        "operate, operate watch access ledger sink order",
        "management, management operate watch access ledger order",
        "check, check mapping order settings",
        "draft, draft order",
        "sandbox, sandbox order"
    })
    void aPackageKnowsOnlyThoseBelowIt(String name, String known) {
        String[] allowed = java.util.Arrays.stream(known.split(" "))
                .map(p -> "io.waybill." + p)
                .toArray(String[]::new);

        ArchRule rule = classes()
                .that()
                .resideInAPackage("io.waybill." + name)
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(allowed)
                        .or(com.tngtech.archunit.base.DescribedPredicate.not(resideInAPackage("io.waybill.."))));

        rule.check(WAYBILL);
    }

    @ParameterizedTest
    @CsvSource({
        "java.sql.., ledger sink",
        "com.schibsted.., mapping",
        "com.networknt.., mapping",
        "io.swagger.., draft",
        "org.apache.activemq.., engine cli",
        "io.micrometer.., watch management",
        "org.jolokia.., management operate",
        "org.apache.camel.., route watch operate management engine cli intake"
    })
    void aLibraryIsUsedInItsRoomOnly(String library, String rooms) {
        String[] allowed = java.util.Arrays.stream(rooms.split(" "))
                .map(p -> "io.waybill." + p)
                .toArray(String[]::new);

        noClasses()
                .that()
                .resideOutsideOfPackages(allowed)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library)
                .check(WAYBILL);
    }

    @Test
    void ofTheIntakeOnlyTheFilterOfTheFileConsumerKnowsCamel() {
        noClasses()
                .that()
                .resideInAPackage("io.waybill.intake")
                .and()
                .doNotHaveSimpleName("InboxFilter")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.camel..")
                .check(WAYBILL);
    }

    @Test
    void theSimulatedCarriersDoNotKnowTheMappings() {
        noClasses()
                .that()
                .resideInAPackage("io.waybill.sandbox")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.waybill.mapping")
                .check(WAYBILL);
    }

    /** That a power cut leaves a file whole or not at all cannot be tried here; that nothing for that is left out can. */
    @Test
    void aFileIsForcedToTheDiskBeforeItGetsItsNameAndItsNameAfterwards() {
        assertThat(WAYBILL.get("io.waybill.sink.AtomicFile").getMethodCallsFromSelf().stream()
                        .filter(call -> call.getOrigin().getName().equals("write"))
                        .filter(call -> Set.of("force", "rename").contains(call.getName()))
                        .sorted(Comparator.comparingInt(JavaMethodCall::getLineNumber))
                        .map(JavaMethodCall::getName))
                // first the name of the folder, where it is new
                .containsExactly("force", "force", "rename", "force");
    }
}
