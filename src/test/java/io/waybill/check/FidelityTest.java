package io.waybill.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.check.Fields.Field;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every field of the carriers' own pages is filled by a mapping, or carrier.yaml says why it is not. */
class FidelityTest {

    @ParameterizedTest
    @CsvSource({"birdsystem, 89", "mabang, 46", "kdniao, 142"})
    void everyFieldOfTheirPagesIsMappedOrListedWithAReason(String id, int count) throws IOException {
        CarrierFolder carrier = CarrierFolder.all(Path.of("mappings")).stream()
                .filter(each -> each.id().equals(id))
                .findFirst()
                .orElseThrow();

        List<String> theirs = Files.readAllLines(Path.of("src/test/carriers/fields/" + id + ".txt")).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .toList();
        List<String> known = new ArrayList<>(listed(carrier));
        for (String operation : carrier.operations()) {
            List<String> keys = carrier.request(operation).keyNames();
            Fields.of(carrier.schema(operation).root()).all().stream()
                    .filter(field -> keys.contains(field.name()))
                    .map(Field::path)
                    .forEach(path -> known.add(operation + " " + path));
        }

        assertThat(theirs).hasSize(count).doesNotHaveDuplicates();
        assertThat(known).containsAll(theirs);
        assertThat(theirs).containsAll(listed(carrier));
    }

    private static List<String> listed(CarrierFolder carrier) {
        return Spot.root(carrier.facts()).child("not-filled").children().stream()
                .map(entry -> (entry.text("operation").isEmpty() ? "book" : entry.text("operation")) + " "
                        + entry.text("field"))
                .toList();
    }
}
