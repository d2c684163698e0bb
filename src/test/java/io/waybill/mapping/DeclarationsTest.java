package io.waybill.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A wrong folder is refused before anything runs, with file and line. */
class DeclarationsTest {

    @TempDir
    Path mappings;

    @BeforeEach
    void copyTheRealFolders() throws IOException {
        try (Stream<Path> files = Files.walk(Cases.MAPPINGS)) {
            for (Path file : files.sorted().toList()) {
                Path copy = mappings.resolve(Cases.MAPPINGS.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(file, copy);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "carrier.yaml | recipe: bearer | recipe: magic | auth.recipe is 'magic'; expected header-keys, bearer, kdniao-sign",
                "carrier.yaml | method: POST | method: POST\\n    verb: POST | operations.book.verb is no field that is known here; correct its spelling or remove it",
                "carrier.yaml | connect-timeout: PT5S | connect-timeout: 5s | operations.book.connect-timeout must be a duration such as PT30S",
                "carrier.yaml | way: lookup | way: pray | operations.book.in-doubt.way is 'pray'; expected repost, lookup, operator",
                "carrier.yaml | field: urgent, | field: urgnt, | field 'urgnt' is none of order.schema.json",
                "carrier.yaml | carrier: mabang | carrier: other | carrier must be 'mabang', the name of its folder",
                "carrier.yaml | when: .status == 429 | when: .status === 429 | JSLT does not compile: ",
                "carrier.yaml | \"[A-Za-z0-9-]+\" | \"[A-Za-z0-9-\" | pattern is not a regular expression: ",
                "carrier.yaml | zone: Asia/Shanghai | zone: Asia/Shanghai\\nzone: Asia/Tokyo | cannot be read: ",
                "codes.json | \"accepted\": \"submitted\" | \"accepted\": \"sent\" | status.accepted is 'sent'; expected draft, submitted, ",
                "codes.json | \"normal\": 1, | \"normal\": 1 | cannot be read: ",
                "book.request.jslt | \"client_type\": decimal( | \"client_type\": decimel( | JSLT does not compile: ",
                "book.response.jslt | \"label_state\": | \"label_state\" | JSLT does not compile: ",
                "book.request.schema.json | \"minItems\": 1, | \"minItems\": 1 | cannot be read: ",
            })
    void aWrongLineIsNamed(String name, String right, String wrong, String message) throws IOException {
        delete("birdsystem");
        delete("kdniao");
        Path file = mappings.resolve("mabang").resolve(name);
        String text = Files.readString(file);
        assertThat(text).contains(right);
        int at = text.indexOf(right);
        int line = (int) text.substring(0, at).lines().count();
        Files.writeString(
                file, text.substring(0, at) + wrong.replace("\\n", "\n") + text.substring(at + right.length()));

        List<String> findings = findings();

        assertThat(findings).hasSize(1);
        assertThat(findings.get(0)).startsWith(file + ":").contains(message);
        int told = Integer.parseInt(
                findings.get(0).substring(file.toString().length() + 1).split(":")[0]);
        assertThat(told).isBetween(line - 1, line + 2);
    }

    @Test
    void allFindingsOfAllFoldersAreToldAtOnce() throws IOException {
        Files.delete(mappings.resolve("kdniao/book.response.jslt"));
        Files.delete(mappings.resolve("mabang/codes.json"));
        Files.createDirectory(mappings.resolve("empty"));

        assertThat(findings())
                .containsExactlyInAnyOrder(
                        mappings.resolve("empty/carrier.yaml") + ":1: is missing or cannot be read",
                        mappings.resolve("empty/codes.json") + ":1: is missing or cannot be read",
                        mappings.resolve("kdniao/book.response.jslt") + ":1: is missing or cannot be read",
                        mappings.resolve("mabang/codes.json") + ":1: is missing or cannot be read");
    }

    @Test
    void whatIsImportedIsNamedWhereItIsWrong() throws IOException {
        Path shared = mappings.resolve("kdniao/pickup-state.jslt");
        String before = Carriers.load(mappings).get("kdniao").version();
        Files.writeString(shared, Files.readString(shared) + "\n");
        assertThat(Carriers.load(mappings).get("kdniao").version()).isNotEqualTo(before);
        Files.writeString(shared, Files.readString(shared).replace("grams(", "grms("));

        assertThat(findings()).singleElement().asString().matches("\\Q" + shared + "\\E:[0-9]+: .* 'grms'.*");

        Files.delete(shared);

        assertThat(findings())
                .containsExactlyInAnyOrder(
                        mappings.resolve("kdniao/status.response.jslt")
                                + ":1: JSLT does not compile: 'pickup-state.jslt' is imported, and is missing or cannot be read",
                        mappings.resolve("kdniao/pickup-push.response.jslt")
                                + ":1: JSLT does not compile: 'pickup-state.jslt' is imported, and is missing or cannot be read");
    }

    @Test
    void anEmptyFileIsAFinding() throws IOException {
        Files.writeString(mappings.resolve("mabang/carrier.yaml"), "# nothing yet\n");
        Files.writeString(mappings.resolve("kdniao/codes.json"), "null");

        assertThat(findings())
                .containsExactlyInAnyOrder(
                        mappings.resolve("mabang/carrier.yaml") + ":1: is empty",
                        mappings.resolve("kdniao/codes.json") + ":1: is empty");
    }

    @Test
    void aMissingOrderSchemaIsAFinding() throws IOException {
        Files.delete(mappings.resolve("order.schema.json"));

        assertThat(findings())
                .containsExactly(mappings.resolve("order.schema.json") + ":1: is missing or cannot be read");
    }

    @Test
    void theVersionChangesWithAnyFileOfTheFolder() throws IOException {
        String before = Carriers.load(mappings).get("mabang").version();
        Path codes = mappings.resolve("mabang/codes.json");
        Files.writeString(codes, Files.readString(codes) + "\n");

        String after = Carriers.load(mappings).get("mabang").version();

        assertThat(after).isNotEqualTo(before);
        assertThat(before).isEqualTo(Cases.CARRIERS.get("mabang").version());
    }

    private void delete(String carrier) throws IOException {
        try (Stream<Path> files = Files.walk(mappings.resolve(carrier))) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private List<String> findings() {
        return catchThrowableOfType(BadDeclarations.class, () -> Carriers.load(mappings))
                .findings();
    }
}
