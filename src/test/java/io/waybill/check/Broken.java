package io.waybill.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.mapping.Declaration;
import io.waybill.settings.Settings;
import io.waybill.testing.RealFolders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;

/** A copy of the real folders with one thing wrong, and what is found in it. */
final class Broken {

    private final Path home;
    private final Properties system = new Properties();
    private String place = "";

    Broken(Path home, String... folders) throws IOException {
        this.home = home;
        RealFolders.into(home, folders);
        system.setProperty("waybill.home", home.toString());
    }

    /** Replaces one text; {@code §} in the new one marks the line that has to be named. */
    Broken change(String file, String right, String wrong) throws IOException {
        Path changed = home.resolve(file);
        String text = Files.readString(changed);
        assertThat(text).contains(right);
        String marked = text.replace(right, wrong.replace("\\n", "\n"));
        int at = marked.indexOf('§');
        place = changed + ":"
                + (1
                        + marked.substring(0, Math.max(at, 0))
                                .chars()
                                .filter(c -> c == '\n')
                                .count());
        Files.writeString(changed, marked.replace("§", ""));
        return this;
    }

    Broken write(String file, String text) throws IOException {
        Path written = home.resolve(file);
        Files.createDirectories(written.getParent());
        Files.writeString(written, text);
        place = written + ":1";
        return this;
    }

    Broken delete(String file) throws IOException {
        Files.delete(home.resolve(file));
        place = home.resolve(file) + ":1";
        return this;
    }

    /** Where the finding has to be. */
    String place() {
        return place;
    }

    Path home() {
        return home;
    }

    Settings settings() {
        return Settings.read(Map.of(), system, Map.of());
    }

    List<String> routeFindings() {
        Findings findings = new Findings();
        new RouteFindings(home.resolve("routes"), settings(), findings).check();
        return texts(findings);
    }

    List<String> carrierFindings() {
        Findings findings = new Findings();
        Set<String> served = CarrierFolder.all(Path.of("mappings")).stream()
                .map(carrier -> "seda:" + carrier.id())
                .collect(Collectors.toSet());
        CarrierFindings carriers =
                new CarrierFindings(CarrierFolder.all(home.resolve("mappings")), orders(), settings(), findings);
        carriers.checkDeclared(home.resolve("routes/carrier-rules.yaml"), served);
        carriers.checkCaseFiles();
        return texts(findings);
    }

    private Declaration orders() {
        return Declaration.read(home.resolve("mappings/order.schema.json"), new ArrayList<>());
    }

    List<String> allFindings() {
        return new Check(settings()).all().stream().map(Finding::toString).toList();
    }

    private static List<String> texts(Findings findings) {
        List<String> texts = new ArrayList<>();
        findings.sorted().forEach(finding -> texts.add(finding.toString()));
        return texts;
    }
}
