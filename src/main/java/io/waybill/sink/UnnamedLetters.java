package io.waybill.sink;

import io.waybill.ledger.Ledger;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Files of dead letters whose row was never written: the process died in between, and the order then went another way.
 *
 * <ol>
 *   <li>Only what {@link DeadLetterStore#write} names so, a reason with its order, is ever looked at; what else a person keeps
 *       there stays.
 *   <li>It goes once it is old and no row of its id names a file; a letter that is written once more is young again.
 * </ol>
 */
record UnnamedLetters(Ledger ledger, Path folder) {

    private static final String REASON = ".reason.json";
    private static final Pattern OURS = Pattern.compile("(.+-([0-9a-f]{12}))\\.reason\\.json");

    /** Returns why one is kept, the first of those that cannot be deleted, which holds up no other. */
    Optional<IOException> takeAway(Instant before) {
        List<IOException> kept = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            each(folder, Files::isDirectory, kept, account -> takeAway(account, before, kept));
        }
        return kept.stream().findFirst();
    }

    private void takeAway(Path account, Instant before, List<IOException> kept) {
        each(account, file -> file.toString().endsWith(REASON), kept, reason -> {
            Matcher name = OURS.matcher(reason.getFileName().toString());
            if (name.matches()) {
                takeAway(name.group(2), reason, reason.resolveSibling(name.group(1) + ".json"), before);
            }
        });
    }

    private interface Taking {
        void takeAway(Path path) throws IOException;
    }

    private static void each(Path folder, DirectoryStream.Filter<Path> which, List<IOException> kept, Taking taking) {
        try (DirectoryStream<Path> paths = Files.newDirectoryStream(folder, which)) {
            for (Path path : paths) {
                try {
                    taking.takeAway(path);
                } catch (IOException e) {
                    kept.add(e);
                }
            }
        } catch (DirectoryIteratorException e) {
            kept.add(e.getCause());
        } catch (IOException e) {
            kept.add(e);
        }
    }

    /** The age is looked at last, since a letter that is just written is made young before its row names it. */
    private void takeAway(String id, Path reason, Path order, Instant before) throws IOException {
        boolean old = isOld(reason, before) && (Files.notExists(order) || isOld(order, before));
        if (old && !ledger.queries().deadLetters().namesFile(id) && isOld(reason, before)) {
            Files.deleteIfExists(order);
            Files.deleteIfExists(reason);
        }
    }

    private static boolean isOld(Path file, Instant before) throws IOException {
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                && Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS)
                        .toInstant()
                        .isBefore(before);
    }
}
