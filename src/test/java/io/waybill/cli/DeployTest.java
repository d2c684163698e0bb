package io.waybill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.testing.RunningWaybill;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

/** What is found in a folder before it is installed. */
class DeployTest {

    @TempDir
    Path temp;

    private Path next;

    @BeforeEach
    void copyTheRoutes() throws IOException {
        next = temp.resolve("next");
        RunningWaybill.copy(Path.of("routes"), next.resolve("routes"));
    }

    @Test
    void whatIsShippedMayBeInstalledAndNothingIsLeftBehind() {
        assertThat(check()).isEqualTo(new Spoken("no findings\n", 0));
        assertThat(temp.resolve("work")).doesNotExist();
    }

    @Test
    void anEndpointThatCamelRefusesIsNamedWithItsFile() throws IOException {
        change("routes/inbox.camel.yaml", "recursive: true", "recursive: true\n        recursivee: true");

        Spoken said = check();

        assertThat(said.code()).isEqualTo(1);
        assertThat(said.said())
                .startsWith(next.resolve("routes/inbox.camel.yaml") + ":")
                .contains("recursivee");
    }

    @Test
    void aBeanThatIsNotThereIsFound() throws IOException {
        change("routes/sweep.camel.yaml", "ref: sweepInbox", "ref: sweepInbux");

        assertThat(check().said())
                .startsWith(next.resolve("routes/sweep.camel.yaml") + ":15: ")
                .contains("sweepInbux");
    }

    @Test
    void anEndpointOfNoComponentIsNamedWithItsFile() throws IOException {
        change(
                "routes/tracking.camel.yaml",
                "        - idempotentConsumer:",
                "        - to:\n            id: go-nowhere\n            uri: timepiece:x\n        - idempotentConsumer:");

        assertThat(check().said())
                .startsWith(next.resolve("routes/tracking.camel.yaml") + ":12: ")
                .contains("timepiece");
    }

    @Test
    void whatTheCheckFindsIsToldWithoutTheShadow() throws IOException {
        change("routes/label.camel.yaml", "routeConfigurationId: sink", "routeConfigurationId: sinks");

        assertThat(check().said())
                .startsWith(next.resolve("routes/label.camel.yaml") + ":4: ")
                .endsWith("\n1 finding\n");
    }

    @Test
    void aSettingThatStopsTheStartIsFound() throws IOException {
        Files.createDirectories(next.resolve("conf"));
        Files.writeString(next.resolve("conf/waybill.properties"), "waybill.alerts.channels = pigeon\n");

        assertThat(check().said())
                .contains("setting 'waybill.alerts.channels': 'pigeon' is none of log, mail, webhook");
    }

    @Test
    void aFolderThatBringsNothingIsRefused() {
        Spoken said =
                Spoken.by(List.of("check", "--deploy", temp.resolve("nothing").toString()));

        assertThat(said.code()).isEqualTo(1);
        assertThat(said.said()).contains("brings nothing; expected routes/, mappings/ or conf/ in it");
    }

    @Test
    void everyCommandHasItsHelpWithExamplesAndExitCodes() {
        List<String> names = new ArrayList<>(Waybill.commands().getSubcommands().keySet());
        names.remove("help");

        assertThat(names)
                .contains(
                        "run",
                        "demo",
                        "check",
                        "test",
                        "map",
                        "trace",
                        "replay",
                        "resolve",
                        "dead",
                        "reconcile",
                        "report",
                        "sandbox",
                        "completion");
        for (String name : names) {
            assertThat(Spoken.by(List.of(name, "--help"))).as(name).satisfies(help -> {
                assertThat(help.code()).isZero();
                assertThat(help.said()).contains("Usage: waybill " + name, "Exit codes:", "waybill " + name);
                assertThat(help.said()).containsPattern("Examples?:");
            });
        }
        assertThat(Spoken.by(List.of("route", "stop", "--help"))).satisfies(help -> {
            assertThat(help.code()).isZero();
            assertThat(help.said()).contains("Usage: waybill route stop", "Exit codes:");
        });
    }

    @Test
    void theShellCompletesCommandsAndOptions() {
        assertThat(Spoken.by(List.of("completion")).said())
                .contains("complete -F _complete_waybill", "reconcile", "--dry-run", "--deploy");
    }

    /** As the assembly makes it: the folder and the archive of the same content, and what starts it may be run. */
    @Test
    void theDistributionHoldsAllThatTheStartScriptAndItsEngineRead() throws Exception {
        Document pom = xml("pom.xml");
        List<String> descriptors = texts(pom, "//plugin[artifactId='maven-assembly-plugin']//descriptor");
        assertThat(descriptors).containsExactly("src/main/assembly/folder.xml", "src/main/assembly/archive.xml");
        assertThat(texts(pom, "//plugin[artifactId='maven-assembly-plugin']//finalName"))
                .containsExactly("waybill", "waybill-${project.version}");
        assertThat(texts(pom, "//plugin[artifactId='maven-assembly-plugin']//phase"))
                .containsExactly("package", "package");
        for (String descriptor : descriptors) {
            assertThat(texts(xml(descriptor), "//componentDescriptor"))
                    .containsExactly("src/main/assembly/content.xml");
        }
        assertThat(texts(xml(descriptors.get(0)), "//format|//includeBaseDirectory"))
                .containsExactly("dir", "false");
        assertThat(texts(xml(descriptors.get(1)), "//format|//includeBaseDirectory"))
                .containsExactly("tar.gz", "true");

        Document content = xml("src/main/assembly/content.xml");
        assertThat(texts(content, "//dependencySet[scope='runtime']/outputDirectory"))
                .containsExactly("lib");
        assertThat(texts(content, "//fileSet[directory='routes' or directory='mappings']/outputDirectory"))
                .containsExactly("routes", "mappings");
        assertThat(texts(content, "//fileSet[directory='src/main/resources' and outputDirectory='conf']//include"))
                .containsExactly("application.properties");
        assertThat(texts(content, "//fileSet[directory='src/main/dist' and outputDirectory='.']//include"))
                .containsExactly("bin/**");
        assertThat(texts(content, "//fileSet[includes/include='bin/**']/fileMode"))
                .containsExactly("0755");
        assertThat(texts(content, "//fileSet[directory='src/main/dist']//exclude"))
                .containsExactly("bin/**");
        assertThat(texts(content, "//fileSet[outputDirectory!='.']//exclude")).isEmpty();
        assertThat(Path.of("src/main/dist/conf/waybill.properties")).exists();
    }

    /** It lies in the distribution too, which has no sources. */
    @Test
    void theReadmeLinksOnlyToWhatTheDistributionHolds() throws IOException {
        List<String> links = Pattern.compile("]\\(([^)]+)\\)")
                .matcher(Files.readString(Path.of("README.md")))
                .results()
                .map(link -> link.group(1))
                .filter(link -> !link.startsWith("#") && !link.startsWith("https://"))
                .toList();

        assertThat(links).isNotEmpty().allMatch(link -> link.matches("(routes|mappings)/.*"));
        assertThat(links).allMatch(link -> Files.exists(Path.of(link)));
    }

    private static Document xml(String file) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(Path.of(file).toFile());
    }

    private static List<String> texts(Document document, String path) throws Exception {
        NodeList found =
                (NodeList) XPathFactory.newInstance().newXPath().evaluate(path, document, XPathConstants.NODESET);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < found.getLength(); i++) {
            texts.add(found.item(i).getTextContent().strip());
        }
        return texts;
    }

    @Test
    void theServiceStartsWhatIsInstalledAndLetsItEnd() throws IOException {
        List<String> unit = Files.readAllLines(Path.of("src/main/dist/service/waybill.service"));
        Properties shipped = new Properties();
        try (var in = DeployTest.class.getResourceAsStream("/application.properties")) {
            shipped.load(in);
        }
        int patience = Integer.parseInt(
                shipped.getProperty("camel.main.shutdownTimeout").trim());

        assertThat(unit).contains("[Unit]", "[Service]", "[Install]", "ExecStart=/opt/waybill/bin/waybill run");
        assertThat(Path.of("src/main/dist/bin/waybill")).exists();
        assertThat(unit.stream()
                        .filter(line -> line.startsWith("TimeoutStopSec="))
                        .mapToInt(line -> Integer.parseInt(line.substring("TimeoutStopSec=".length()))))
                .singleElement()
                .matches(seconds -> seconds > patience);
    }

    private Spoken check() {
        return Spoken.by(List.of("check", "--deploy", next.toString(), "-Dwaybill.work=" + temp.resolve("work")));
    }

    private void change(String file, String from, String to) throws IOException {
        String text = Files.readString(next.resolve(file));
        assertThat(text).contains(from);
        Files.writeString(next.resolve(file), text.replace(from, to));
    }
}
