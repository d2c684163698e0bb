package io.waybill.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.order.Fingerprint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LabelStoreTest {

    private static final byte[] PDF = bytes("%PDF-1.4 a label");
    private static final String SHA = Fingerprint.of(PDF);

    @TempDir
    Path folder;

    private LabelStore store;

    @BeforeEach
    void open() {
        store = new LabelStore(folder.resolve("labels"));
    }

    @Test
    void aLabelIsAFileNamedByItsContent() throws IOException {
        LabelStore.StoredLabel stored = store.put(PDF, "pdf");

        assertThat(stored.path())
                .isAbsolute()
                .isEqualTo(folder.resolve("labels").resolve(SHA.substring(0, 2)).resolve(SHA + ".pdf"))
                .hasBinaryContent(PDF);
        assertThat(stored.bytes()).isEqualTo(PDF.length);
        assertThat(stored.sha256()).isEqualTo(SHA);
    }

    /** As the virtual machine saw it: the new shelf's name, the content before it has its name, and that name. */
    @Test
    void aLabelAndItsNameAreOnTheDiskBeforeItCountsAsStored() throws IOException {
        Path label = folder.resolve("labels").resolve(SHA.substring(0, 2)).resolve(SHA + ".pdf");
        Path seen = folder.resolve("seen.jfr");
        try (Recording recording = new Recording()) {
            recording.enable("jdk.FileForce").withoutThreshold();
            recording.start();
            store.put(PDF, "pdf");
            recording.stop();
            recording.dump(seen);
        }

        assertThat(RecordingFile.readAllEvents(seen).stream()
                        .filter(event -> event.getEventType().getName().equals("jdk.FileForce"))
                        .sorted(Comparator.comparing(RecordedEvent::getStartTime))
                        .map(event -> Path.of(event.getString("path"))))
                .containsExactly(
                        folder.resolve("labels"), label.resolveSibling(AtomicFile.temp(label)), label.getParent());
    }

    @Test
    void thePathIsAbsoluteWhateverTheFolder() throws IOException {
        Path relative = Path.of("").toAbsolutePath().relativize(folder);

        assertThat(new LabelStore(relative).put(PDF, "pdf").path()).isAbsolute().exists();
    }

    @Test
    void storingItAgainChangesNothing() throws IOException {
        Path file = store.put(PDF, "pdf").path();
        Files.setLastModifiedTime(file, FileTime.fromMillis(0));

        store.put(PDF, "pdf");

        assertThat(Files.getLastModifiedTime(file)).isEqualTo(FileTime.fromMillis(0));
        assertThat(files()).containsExactly(file);
    }

    @Test
    void aDamagedFileIsWrittenAgain() throws IOException {
        Path file = store.put(PDF, "pdf").path();
        byte[] flipped = PDF.clone();
        flipped[9] ^= 1;
        Files.write(file, flipped);

        store.put(PDF, "pdf");

        assertThat(file).hasBinaryContent(PDF);
    }

    @Test
    void whatACrashLeftHalfWrittenDoesNotStay() throws IOException {
        Path label = folder.resolve("labels").resolve(SHA.substring(0, 2)).resolve(SHA + ".pdf");
        Files.createDirectories(label.getParent());
        Files.write(label.resolveSibling(AtomicFile.temp(label)), bytes("half a label, or longer than the whole"));

        store.put(PDF, "pdf");

        assertThat(files()).containsExactly(label);
        assertThat(label).hasBinaryContent(PDF);
    }

    @ParameterizedTest
    @CsvSource({
        "pdf,%PDF-1.7",
        "zpl,^XA^XZ",
        "zpl,' ^xa'",
        "html,<!DOCTYPE html>",
        "html,<html><body>",
        "html,\ufeff<HTML>"
    })
    void theFirstBytesOfTheFormatAreTaken(String format, String label) throws IOException {
        assertThat(store.put(bytes(label), format).path()).hasBinaryContent(bytes(label));
    }

    @Test
    void aPngIsTakenByItsSignature() throws IOException {
        byte[] png = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 1};

        assertThat(store.put(png, "png").path()).hasBinaryContent(png);
    }

    @ParameterizedTest
    @CsvSource({"pdf,<html>", "pdf,' %PDF-'", "png,PNG", "zpl,%PDF-", "html,{}", "pdf,''"})
    void otherBytesAreRefused(String format, String label) {
        assertThatThrownBy(() -> store.put(bytes(label), format))
                .isInstanceOf(LabelRefused.class)
                .hasMessage("label: the first bytes are not those of " + format);
    }

    @Test
    void aStrangeFormatIsRefused() {
        assertThatThrownBy(() -> store.put(PDF, "../pdf"))
                .isInstanceOf(LabelRefused.class)
                .hasMessage("label: format '../pdf' is none of pdf, zpl, png, html");
    }

    @Test
    void aLabelThatIsTooLargeIsRefused() {
        byte[] large = bytes("%PDF-" + "x".repeat(LabelStore.MAX_BYTES));

        assertThatThrownBy(() -> store.put(large, "pdf"))
                .isInstanceOf(LabelRefused.class)
                .hasMessage("label: 4194309 bytes, expected at most 4194304");
    }

    @Test
    void whereTheDiskRefusesNoHalfLabelIsLeft() throws IOException {
        Path place = folder.resolve("labels").resolve(SHA.substring(0, 2)).resolve(SHA + ".pdf");
        Files.createDirectories(place.resolve("in the way"));

        assertThatThrownBy(() -> store.put(PDF, "pdf")).isInstanceOf(IOException.class);

        assertThat(files()).isEmpty();
    }

    @Test
    void whereThereIsNoFolderItIsAnErrorThatCanBeTriedAgain() throws IOException {
        Path labels = Files.createFile(folder.resolve("labels"));
        assertThatThrownBy(() -> store.put(PDF, "pdf")).isInstanceOf(IOException.class);

        Files.delete(labels);

        assertThat(store.put(PDF, "pdf").path()).exists();
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
