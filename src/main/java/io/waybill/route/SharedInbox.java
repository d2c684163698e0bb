package io.waybill.route;

import io.waybill.intake.ReadFiles;
import io.waybill.intake.TakenFiles;
import io.waybill.ledger.Ledger;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.component.file.FileConsumer;
import org.apache.camel.component.file.GenericFile;
import org.apache.camel.component.file.GenericFileEndpoint;
import org.apache.camel.component.file.GenericFileOperations;
import org.apache.camel.component.file.strategy.GenericFileExpressionRenamer;
import org.apache.camel.component.file.strategy.GenericFileRenameProcessStrategy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the file consumer takes a file of an inbox that many nodes share, see {@link TakenFiles}.
 *
 * <ol>
 *   <li>Begin: the file is taken, and the variable {@code folder} says where it lay below the inbox, such as {@code acme/}, since
 *       mostly nothing else says whose orders are in it; who comes too late, or too early after a rollback, goes on with the next one.
 *   <li>Commit: the file moves where {@code move} of the route says, unless it was taken over meanwhile. Where that cannot be,
 *       it is not read again, see {@link ReadFiles}: only the move is tried again, after growing waits.
 *   <li>Rollback: the file goes back, and is {@link PutOff} for a while.
 * </ol>
 */
final class SharedInbox extends GenericFileRenameProcessStrategy<File> {

    private static final Logger LOG = LoggerFactory.getLogger(SharedInbox.class);

    private final TakenFiles files;
    private final ReadFiles read;
    private final Ledger ledger;
    private final Backoff backoff;
    private final Clock clock;
    private final PutOff putOff;
    private boolean archiveAway;
    private int attempts;
    private Instant next = Instant.EPOCH;

    SharedInbox(TakenFiles files, ReadFiles read, Ledger ledger, Backoff backoff, Clock clock) {
        this.files = files;
        this.read = read;
        this.ledger = ledger;
        this.backoff = backoff;
        this.clock = clock;
        this.putOff = new PutOff(clock);
    }

    /** {@code take-over-files}: gives back what nodes were reading when they died. */
    void takeOver(Exchange exchange) throws IOException {
        int given = files.giveBack(ledger.living());
        if (given > 0) {
            LOG.info("gave {} files back to the inbox that nobody reads any more", given);
        }
    }

    /** {@code archive-kept}: moves the files that the archive did not take. */
    synchronized void archiveKept(Exchange exchange) {
        if (clock.instant().isBefore(next)) {
            return;
        }
        try {
            int moved = read.archiveKept();
            if (moved > 0) {
                LOG.info("the archive takes files again: {} that were kept are there now", moved);
            }
            archiveAway = false;
            attempts = 0;
        } catch (IOException e) {
            archiveAway(e);
            next = clock.instant().plus(backoff.after(attempts++, Duration.ZERO));
        }
    }

    /** Said once, until it is over. */
    private synchronized void archiveAway(IOException why) {
        if (!archiveAway) {
            LOG.error(
                    "the archive does not take files ({}); those that are read are kept in .read/ of the inbox, and are moved"
                            + " when it does",
                    Logged.text(why.toString()));
        }
        archiveAway = true;
    }

    @Override
    protected GenericFile<File> renameFile(
            GenericFileOperations<File> operations, GenericFile<File> from, GenericFile<File> to) {
        Path file = from.getFile().toPath();
        Path place = Path.of(to.getAbsoluteFilePath());
        try {
            try {
                read.archive(file, place);
            } catch (IOException e) {
                if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                    LOG.info(
                            "file {} was taken over by another node while this one read it",
                            Logged.text(files.origin(file).toString()));
                    return to;
                }
                read.keep(file, place);
                archiveAway(e);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("file '" + file.getFileName() + "' cannot be moved, and is read again", e);
        }
        return to;
    }

    @Override
    public void prepareOnStartup(GenericFileOperations<File> operations, GenericFileEndpoint<File> endpoint)
            throws Exception {
        super.prepareOnStartup(operations, endpoint);
        setCommitRenamer(new GenericFileExpressionRenamer<>(endpoint.getMove()));
    }

    @Override
    public boolean begin(
            GenericFileOperations<File> operations,
            GenericFileEndpoint<File> endpoint,
            Exchange exchange,
            GenericFile<File> file)
            throws Exception {
        Path listed = file.getFile().toPath().toAbsolutePath().normalize();
        Optional<Path> taken = putOff.waits(listed) ? Optional.empty() : files.take(listed);
        if (taken.isPresent()) {
            // they are the file's and come anew; Camel would hold each against a pattern
            exchange.getMessage().removeHeaders("*");
            exchange.setVariable("folder", folder(files.origin(taken.get()), endpoint));
            FileConsumer.asGenericFile(
                            endpoint.getConfiguration().getDirectory(),
                            taken.get().toFile(),
                            endpoint.getCharset(),
                            false)
                    .bindToExchange(exchange);
        }
        return taken.isPresent();
    }

    private static String folder(Path file, GenericFileEndpoint<File> endpoint) {
        Path inbox = Path.of(endpoint.getConfiguration().getDirectory())
                .toAbsolutePath()
                .normalize();
        Path folder = inbox.relativize(file).getParent();
        return folder == null ? "" : folder + "/";
    }

    @Override
    public void commit(
            GenericFileOperations<File> operations,
            GenericFileEndpoint<File> endpoint,
            Exchange exchange,
            GenericFile<File> file)
            throws Exception {
        Path taken = file.getFile().toPath();
        boolean gone = false;
        try {
            super.commit(operations, endpoint, exchange, file);
            gone = true;
        } finally {
            if (gone) {
                files.gone(taken);
                putOff.read(files.origin(taken));
            } else {
                back(taken);
            }
        }
    }

    @Override
    public void rollback(
            GenericFileOperations<File> operations,
            GenericFileEndpoint<File> endpoint,
            Exchange exchange,
            GenericFile<File> file)
            throws Exception {
        Path taken = file.getFile().toPath();
        try {
            super.rollback(operations, endpoint, exchange, file);
        } finally {
            back(taken);
        }
    }

    private void back(Path taken) throws IOException {
        putOff.failed(files.origin(taken));
        files.done(taken);
    }
}
