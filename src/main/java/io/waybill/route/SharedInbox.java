package io.waybill.route;

import io.waybill.intake.TakenFiles;
import io.waybill.ledger.Ledger;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
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
 *   <li>Begin: the file is taken; who comes too late goes on with the next one.
 *   <li>Commit: the file moves where {@code move} of the route says, unless it was taken over meanwhile.
 *   <li>Rollback: the file goes back.
 * </ol>
 */
final class SharedInbox extends GenericFileRenameProcessStrategy<File> {

    private static final Logger LOG = LoggerFactory.getLogger(SharedInbox.class);

    private final TakenFiles files;
    private final Ledger ledger;

    SharedInbox(TakenFiles files, Ledger ledger) {
        this.files = files;
        this.ledger = ledger;
    }

    /** {@code take-over-files}: gives back what nodes were reading when they died. */
    void takeOver(Exchange exchange) throws IOException {
        int given = files.giveBack(ledger.living());
        if (given > 0) {
            LOG.info("gave {} files back to the inbox that nobody reads any more", given);
        }
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
        Optional<Path> taken = files.take(file.getFile().toPath());
        taken.ifPresent(path -> FileConsumer.asGenericFile(
                        endpoint.getConfiguration().getDirectory(), path.toFile(), endpoint.getCharset(), false)
                .bindToExchange(exchange));
        return taken.isPresent();
    }

    @Override
    public void commit(
            GenericFileOperations<File> operations,
            GenericFileEndpoint<File> endpoint,
            Exchange exchange,
            GenericFile<File> file)
            throws Exception {
        Path taken = file.getFile().toPath();
        try {
            if (Files.exists(taken, LinkOption.NOFOLLOW_LINKS)) {
                super.commit(operations, endpoint, exchange, file);
            } else {
                LOG.info(
                        "file {} was taken over by another node while this one read it",
                        Logged.text(files.origin(taken).toString()));
            }
        } finally {
            files.done(taken);
        }
    }

    @Override
    public void rollback(
            GenericFileOperations<File> operations,
            GenericFileEndpoint<File> endpoint,
            Exchange exchange,
            GenericFile<File> file)
            throws Exception {
        try {
            super.rollback(operations, endpoint, exchange, file);
        } finally {
            files.done(file.getFile().toPath());
        }
    }
}
