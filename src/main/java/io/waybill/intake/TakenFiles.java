package io.waybill.intake;

import io.waybill.order.FileName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * The files that nodes are reading, so that many nodes share one inbox.
 *
 * <ol>
 *   <li>A node takes a file by renaming it to {@code <inbox>/.taken/<node>/}; of many that try, one succeeds. The folder is
 *       hidden, so nobody looks for orders in it.
 *   <li>A file that was not taken in goes back under its name, or under a longer one if a new file has that name by now. It gets
 *       its name there before it loses the other one, since that never replaces a file; where the file system or its owner
 *       allows no second name, it is renamed.
 *   <li>The files of nodes that died, of this one's former lives and those that could not go back are given back by
 *       {@link #giveBack}; what a life that is over had may have killed it, see {@link Suspects}.
 * </ol>
 */
public final class TakenFiles {

    static final String FOLDER = ".taken";

    private final Path inbox;
    private final String owner;
    private final Path own;
    private final Suspects suspects;
    private final Set<Path> reading = ConcurrentHashMap.newKeySet();

    /**
     * The files of one node.
     *
     * @param owner the mark of this life of the node
     * @param lives after how many deaths of processes that read it a file is set aside
     */
    public TakenFiles(Path inbox, String owner, int lives) {
        this.inbox = inbox.toAbsolutePath().normalize();
        this.owner = owner;
        this.own = this.inbox.resolve(FOLDER).resolve(FileName.encode(owner));
        this.suspects = new Suspects(inbox, FileName.encode(owner), lives);
    }

    /** Those of them that dead nodes had. */
    public Suspects suspects() {
        return suspects;
    }

    /** Takes a file of the inbox; empty if another node was faster, or a file of this name is still being read. */
    public Optional<Path> take(Path file) throws IOException {
        Path to = own.resolve(inbox.relativize(file.toAbsolutePath().normalize()));
        if (!reading.add(to)) {
            return Optional.empty();
        }
        boolean taken = false;
        try {
            taken = !to.toFile().exists() && move(file, to);
        } finally {
            if (!taken) {
                reading.remove(to);
            }
        }
        return taken ? Optional.of(to) : Optional.empty();
    }

    /** Where a file that this node took was before. */
    public Path origin(Path taken) {
        return inbox.resolve(own.relativize(taken.toAbsolutePath().normalize()));
    }

    /** This node does not read the file any more; where it is still there, it goes back to the inbox. */
    public void done(Path taken) throws IOException {
        try {
            // not Files: that throws inside for a file that is gone, which is the rule
            if (taken.toFile().exists()) {
                back(own, taken);
            }
        } finally {
            reading.remove(taken);
        }
    }

    /** The same for a file that is surely not there any more, since it was moved to where it belongs or taken over. */
    public void gone(Path taken) {
        reading.remove(taken);
    }

    /**
     * Gives back what nobody reads.
     *
     * @param living the marks of the nodes that are alive
     * @return how many files
     */
    public synchronized int giveBack(Set<String> living) throws IOException {
        int given = 0;
        Set<Path> theirs = living.stream()
                .filter(mark -> !mark.equals(owner))
                .map(mark -> own.resolveSibling(FileName.encode(mark)))
                .collect(Collectors.toSet());
        if (Files.isDirectory(own.getParent(), LinkOption.NOFOLLOW_LINKS)) {
            try (DirectoryStream<Path> owners = Files.newDirectoryStream(own.getParent(), TakenFiles::isFolder)) {
                for (Path folder : owners) {
                    if (!theirs.contains(folder)) {
                        given += giveBack(folder, folder);
                    }
                }
            } catch (DirectoryIteratorException e) {
                throw e.getCause();
            }
        }
        return given;
    }

    private int giveBack(Path root, Path folder) throws IOException {
        int given = 0;
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                if (isFolder(entry)) {
                    given += giveBack(root, entry);
                } else if (!reading.contains(entry)) {
                    suspect(root, entry);
                    given += back(root, entry) ? 1 : 0;
                }
            }
        } catch (NoSuchFileException | NotDirectoryException gone) {
            // another node gave it back
        } catch (DirectoryIteratorException e) {
            throw new UncheckedIOException(e.getCause());
        }
        tidy(folder);
        return given;
    }

    /** Before it goes back, so that nobody reads it in between. */
    private void suspect(Path root, Path taken) {
        try {
            if (!root.equals(own) && FileFacts.of(taken).kind() == FileFacts.Kind.FILE) {
                suspects.died(root.getFileName().toString(), taken);
            }
        } catch (IOException gone) {
            // another node gave it back
            return;
        }
    }

    private static boolean isFolder(Path entry) {
        return Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS);
    }

    private void tidy(Path folder) throws IOException {
        if (!folder.startsWith(own)) {
            try {
                Files.deleteIfExists(folder);
            } catch (FileSystemException notEmpty) {
                // what came meanwhile is given back the next time
            }
        }
    }

    /** Whether a file of the inbox has its second name among those of a node: it is about to go back, or its node died then. */
    static boolean goesBack(Path inbox, Path file) {
        Path relative = inbox.relativize(file);
        try (DirectoryStream<Path> owners = Files.newDirectoryStream(inbox.resolve(FOLDER))) {
            for (Path owner : owners) {
                Path other = owner.resolve(relative);
                if (Files.exists(other, LinkOption.NOFOLLOW_LINKS) && isSame(other, file)) {
                    return true;
                }
            }
            return false;
        } catch (IOException | DirectoryIteratorException none) {
            return false;
        }
    }

    private boolean back(Path root, Path taken) throws IOException {
        Path to = inbox.resolve(root.relativize(taken));
        make(to.getParent());
        try {
            Files.createLink(to, taken);
        } catch (FileAlreadyExistsException other) {
            return isSame(to, taken) ? Files.deleteIfExists(taken) : rename(taken, longer(to));
        } catch (NoSuchFileException gone) {
            return false;
        } catch (FileSystemException | UnsupportedOperationException noLinks) {
            return rename(taken, Files.exists(to, LinkOption.NOFOLLOW_LINKS) ? longer(to) : to);
        }
        return Files.deleteIfExists(taken);
    }

    /** Whether both are names of one file, and neither is a link to the other. */
    private static boolean isSame(Path one, Path other) throws IOException {
        Object key = FileFacts.of(one).key();
        return key != null && key.equals(FileFacts.of(other).key());
    }

    /** A name that nobody else gives to a file. */
    private static Path longer(Path to) {
        String name = to.getFileName().toString();
        int dot = name.lastIndexOf('.');
        String more = "-" + UUID.randomUUID().toString().substring(0, 8);
        return to.resolveSibling(dot < 0 ? name + more : name.substring(0, dot) + more + name.substring(dot));
    }

    private static boolean move(Path from, Path to) throws IOException {
        make(to.getParent());
        return rename(from, to);
    }

    private static void make(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder);
        }
    }

    private static boolean rename(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
            return true;
        } catch (NoSuchFileException gone) {
            return false;
        }
    }
}
