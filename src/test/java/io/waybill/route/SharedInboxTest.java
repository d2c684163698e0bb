package io.waybill.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.waybill.intake.ReadFiles;
import io.waybill.intake.TakenFiles;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.camel.component.file.FileConsumer;
import org.apache.camel.component.file.GenericFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the file consumer does with files that are not there any more; an exception would be an error in the log. */
class SharedInboxTest {

    @TempDir
    Path inbox;

    @Test
    void aFileThatWasListedAndIsGoneIsLeftOut() throws Exception {
        SharedInbox node = inbox(new TakenFiles(inbox, "one#1"));

        assertThat(node.begin(null, null, null, file(inbox.resolve("gone.json"))))
                .isFalse();
    }

    @Test
    void aFileThatWasTakenOverWhileItWasReadIsNotMoved() throws IOException {
        TakenFiles files = new TakenFiles(inbox, "one#1");
        Path taken =
                files.take(Files.writeString(inbox.resolve("a.json"), "{}")).orElseThrow();
        Path place = inbox.resolve("archive/a.json");
        Files.delete(taken);

        assertThatCode(() -> inbox(files).renameFile(null, file(taken), file(place)))
                .doesNotThrowAnyException();
        assertThat(place).doesNotExist();
        assertThat(inbox.resolve(".read")).doesNotExist();
    }

    private SharedInbox inbox(TakenFiles files) {
        return new SharedInbox(files, new ReadFiles(inbox, inbox.resolve("archive")), null, null, null);
    }

    private GenericFile<File> file(Path path) {
        return FileConsumer.asGenericFile(inbox.toString(), path.toFile(), null, false);
    }
}
