package io.waybill.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the loader of route files does not say: most of these are faults that Camel accepts in silence. */
class RouteFindingsTest {

    @TempDir
    static Path home;

    private Broken broken;

    @BeforeEach
    void copyTheRealRoutes() throws IOException {
        broken = new Broken(home, "routes");
    }

    @Test
    void theRealRoutesHaveNoFindings() {
        assertThat(broken.routeFindings()).isEmpty();
    }

    /** In {@code wrong}, {@code §} marks the line that has to be named. */
    @ParameterizedTest
    @MethodSource({"shapes", "steps", "endpoints", "guards"})
    void oneFaultIsOneFindingWithItsLine(String name, String right, String wrong, String message) throws IOException {
        broken.change("routes/" + name + ".camel.yaml", right, wrong);

        assertThat(broken.routeFindings()).containsExactly(broken.place() + ": " + message);
    }

    static Stream<Arguments> shapes() {
        return Stream.of(
                arguments(
                        "deliver",
                        "pattern: InOnly",
                        "pattern: InOnly\n                      §pattern: InOut",
                        "cannot be read: Duplicate field 'pattern'"),
                arguments(
                        "due-orders",
                        "id: due-orders\n",
                        "§id: due\n",
                        "route id is 'due'; expected 'due-orders', the name of its file"),
                arguments(
                        "label",
                        "description: Stores the carrier's label, once per order.",
                        "§description: Stores labels",
                        "description is missing or no sentence; say what the route guarantees"),
                arguments(
                        "due-orders",
                        "- route:\n",
                        "- §errorHandler:\n    noErrorHandler: {}\n- route:\n",
                        "'errorHandler' at the top also applies to routes of other files; put it into a routeConfiguration"),
                arguments(
                        "due-orders",
                        "- route:\n",
                        "- §beans: []\n- route:\n",
                        "'beans' is none of route and routeConfiguration"),
                arguments(
                        "due-orders",
                        "- route:\n    id: due-orders\n    description: Takes orders that nobody works on and whose time has come, and sends them on their way.\n    routeConfigurationId: intake",
                        "- §route:\n    id: due-orders\n    description: Finds them.",
                        "routeConfigurationId is missing, so nothing is done when a step fails"));
    }

    static Stream<Arguments> steps() {
        return Stream.of(
                arguments(
                        "failed",
                        "- process:\n                      id: park-order\n",
                        "- §process:\n",
                        "step 'process' has no id; name it as verb-noun"),
                arguments(
                        "failed",
                        "id: park-order",
                        "§id: postpone-order",
                        "step id 'postpone-order' is also one of failed.camel.yaml"),
                arguments(
                        "failed",
                        "id: park-order",
                        "§id: write-outbox",
                        "step id 'write-outbox' is also one of deliver.camel.yaml"),
                arguments(
                        "kdniao",
                        "- to:\n            id: ship-with-kdniao\n            uri: direct:ship",
                        "- §to: direct:ship",
                        "is the short form of a step; write 'to:' with its fields below it"),
                arguments(
                        "billing",
                        "simple:\n                    expression: \"${body}\"\n                  steps",
                        "§simple: \"${body}\"\n                  steps",
                        "is the short form of an expression; write 'expression:' below 'simple'"));
    }

    static Stream<Arguments> endpoints() {
        return Stream.of(
                arguments(
                        "ship",
                        "uri: direct:billing",
                        "§uri: direct:bills",
                        "'direct:bills' leads nowhere; no route takes from it"),
                arguments(
                        "kdniao",
                        "uri: direct:ship",
                        "§uri: seda:shop?size=3",
                        "'seda:shop' leads nowhere; no route takes from it"),
                arguments(
                        "standard",
                        "uri: direct:failed",
                        "§uri: direct:fail",
                        "'direct:fail' leads nowhere; no route takes from it"),
                arguments(
                        "due-orders",
                        "uri: direct:choose",
                        "§uri: seda:dispatched",
                        "'seda:dispatched' leads nowhere; no route takes from it"),
                arguments(
                        "sweep",
                        "period: \"{{waybill.intake.sweep-ms}}\"",
                        "§period: \"{{waybill.intake.sweep}}\"",
                        "'{{waybill.intake.sweep}}' is no setting; application.properties lists every name"));
    }

    static Stream<Arguments> guards() {
        return Stream.of(
                arguments(
                        "label",
                        "completionEager: true",
                        "§completionEager: false",
                        "completionEager must be true, else the step is marked only after the whole route"),
                arguments(
                        "label",
                        "idempotentRepository: ledger",
                        "§idempotentRepository: memory",
                        "idempotentRepository of the guard is 'memory'; expected 'ledger'"),
                arguments("label", "id: once-label", "§id: once", "id of the guard is 'once'; expected 'once-label'"),
                arguments(
                        "label",
                        "expression: \"${variable.order}/label\"",
                        "§expression: \"${variable.order}/billing\"",
                        "the key of 'once-label' is '${variable.order}/billing'; expected '${variable.order}/label'"),
                arguments(
                        "dead-letter",
                        "- process:\n            id: bury-order\n            ref: bury",
                        "- §process:\n            id: bury-order\n            ref: storeLabel",
                        "step 'bury-order' is not inside once-dead-letter, so a replay does it again"),
                arguments(
                        "sweep",
                        "- process:\n            id: sweep-inbox\n            ref: sweepInbox",
                        "- §to:\n            id: sweep-inbox\n            uri: jdbc:sinkDb",
                        "step 'sweep-inbox' is not inside once-sweep, so a replay does it again"),
                arguments(
                        "book",
                        "- process:\n                  id: journal-request\n                  ref: journalRequest\n              - toD:\n                  id: call-carrier",
                        "- §toD:\n                  id: call-carrier",
                        "step 'call-carrier' calls the carrier before 'journalRequest', so a crash would lose what was sent"));
    }

    @Test
    void aConfigurationThatIsNotThereIsFoundWithThoseThatAre() throws IOException {
        broken.change("routes/label.camel.yaml", "routeConfigurationId: sink", "§routeConfigurationId: sinks");

        assertThat(broken.routeFindings())
                .singleElement()
                .asString()
                .startsWith(
                        broken.place() + ": routeConfigurationId 'sinks' names nothing, so nothing is done when a step"
                                + " fails; expected one of alerts-failed, delivery, intake, ");
    }

    @Test
    void aFileWhoseRootIsNoListHoldsNoRoute() throws IOException {
        String routes = "route:\n  id: due-orders\n  from:\n    uri: timer:x\n    steps: []\n";
        broken.write("routes/due-orders.camel.yaml", routes);

        assertThat(broken.routeFindings())
                .containsExactly(
                        broken.place() + ": is no list, so Camel loads no route from it; begin with '- route:'");
    }

    @Test
    void aSecondRouteInAFileIsFoundAndSoIsAnIdThatIsTaken() throws IOException {
        String one =
                """
                - route:
                    id: take-over
                    description: Nothing.
                    routeConfigurationId: standard
                    from:
                      uri: timer:x
                      steps:
                        - stop:
                            id: bury-order
                """;
        broken.write("routes/zone.camel.yaml", one + one);
        String file = home.resolve("routes/zone.camel.yaml") + ":";

        assertThat(broken.routeFindings())
                .containsExactly(
                        file + "2: route id 'take-over' is also that of take-over.camel.yaml",
                        file + "2: route id is 'take-over'; expected 'zone', the name of its file",
                        file + "9: step id 'bury-order' is also one of dead-letter.camel.yaml",
                        file + "10: a second entry; one file is one route or one routeConfiguration",
                        file + "11: route id 'take-over' is also that of take-over.camel.yaml",
                        file + "11: route id is 'take-over'; expected 'zone', the name of its file",
                        file + "18: step id 'bury-order' is also one of dead-letter.camel.yaml");
    }

    @Test
    void aDirectNameOtherThanThatOfTheFileIsFoundOnBothEnds() throws IOException {
        broken.change("routes/label.camel.yaml", "uri: direct:label", "§uri: direct:labels");
        Path ship = home.resolve("routes/ship.camel.yaml");

        assertThat(broken.routeFindings())
                .hasSize(3)
                .contains(broken.place()
                        + ": is called by 'direct:labels'; expected 'direct:label', the name of its file")
                .anyMatch(found -> found.startsWith(ship + ":")
                        && found.endsWith("'direct:label' leads nowhere; no route takes from it"));
    }

    @Test
    void aFileThatCamelDoesNotLoadIsFound() throws IOException {
        broken.write("routes/sweep.camel.yaml", "# nothing yet\n");
        broken.write("routes/extra.yaml", "- route: {}\n");

        assertThat(broken.routeFindings())
                .containsExactly(
                        home.resolve("routes/extra.yaml") + ":1: is read by nobody; a route file ends with .camel.yaml",
                        home.resolve("routes/sweep.camel.yaml") + ":1: is empty");
    }

    @Test
    void aFileThatCannotBeReadHidesNothingElse() throws IOException {
        broken.write("routes/label.camel.yaml", "- route: [");
        broken.change("routes/sweep.camel.yaml", "id: sweep-inbox", "§id: bury-order");

        assertThat(broken.routeFindings())
                .hasSize(2)
                .noneMatch(found -> found.contains("\n"))
                .anyMatch(found -> found.startsWith(home.resolve("routes/label.camel.yaml") + ":")
                        && found.contains(": cannot be read: "))
                .contains(broken.place() + ": step id 'bury-order' is also one of dead-letter.camel.yaml");
    }
}
