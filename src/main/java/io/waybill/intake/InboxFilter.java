package io.waybill.intake;

import java.io.File;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.apache.camel.component.file.GenericFile;
import org.apache.camel.component.file.GenericFileFilter;

/**
 * Accepts the files of the inbox that are complete and safe to open: regular, with one name, no link, a legal name,
 * and not one that processes die of.
 *
 * <p>For Camel's file consumer with {@code recursive=true&maxDepth=2}. That asks for every file, and for every folder before it
 * enters it (it takes a link to a folder for a folder): only folders directly in the inbox with the name of an account are
 * entered. It never opens, never waits and never throws; what is not ready is asked for again at the next poll, and what will
 * never be accepted is taken away by {@link InboxSweep}. {@link Settling} says when a file is complete.
 */
public final class InboxFilter implements GenericFileFilter<File> {

    private final Path inbox;
    private final Settling settling;
    private final FileDeaths deaths;

    /** A filter that takes a file as complete when it was the same for one second. */
    public InboxFilter(Path inbox) {
        this(inbox, Duration.ofSeconds(1), Clock.systemUTC());
    }

    /**
     * A filter.
     *
     * @param settle how long a file must be the same
     * @param clock tells how long
     */
    public InboxFilter(Path inbox, Duration settle, Clock clock) {
        this.inbox = inbox.toAbsolutePath().normalize();
        this.deaths = new FileDeaths(this.inbox);
        this.settling = new Settling(settle, clock);
    }

    @Override
    public boolean accept(GenericFile<File> file) {
        try {
            Path path = file.getFile().toPath().toAbsolutePath().normalize();
            return file.isDirectory() ? acceptFolder(path) : acceptFile(path);
        } catch (IOException | InvalidPathException gone) {
            // vanished since it was listed, or its name cannot be expressed: the next poll or the sweep sees to it
            return false;
        }
    }

    boolean acceptFolder(Path folder) throws IOException {
        return inbox.equals(folder.getParent())
                && InboxRules.isAccount(folder.getFileName().toString())
                && FileFacts.of(folder).kind() == FileFacts.Kind.FOLDER;
    }

    boolean acceptFile(Path file) throws IOException {
        if (!placed(file)
                || InboxRules.isInProgress(file.getFileName().toString())
                || InboxRules.refusal(file).isPresent()) {
            return false;
        }
        FileFacts facts = FileFacts.of(file);
        return InboxRules.refusal(facts).isEmpty()
                && settling.settled(file.toString(), facts)
                && !deaths.isPoison(file);
    }

    int remembered() {
        return settling.remembered();
    }

    private boolean placed(Path file) {
        Path folder = file.getParent();
        return inbox.equals(folder)
                || inbox.equals(folder.getParent())
                        && InboxRules.isAccount(folder.getFileName().toString());
    }
}
