package io.waybill.intake;

import io.waybill.intake.FileDeaths.Count;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The files that processes had in their hands when they died: one that kills each process that reads it is found out, and is not
 * read for ever.
 *
 * <ol>
 *   <li>A file that a dead node had taken is suspected when it is given back; nothing is written of any other.
 *   <li>A suspected file is read while no other one is on this node, and its note says so meanwhile, see {@link FileDeaths}. A
 *       node that dies then is counted, once: whoever gives the file back finds that very node in the note.
 *   <li>It is not suspected any more when its reading ends in whatever way, or with the first order of it that is newly accepted:
 *       a file that gets on is none that kills, however often the process is killed.
 *   <li>After so many deaths {@link InboxFilter} lets nobody read it, and {@link InboxSweep} sets it aside.
 * </ol>
 */
public final class Suspects {

    private final FileDeaths deaths;
    private final String reader;
    private final int lives;
    private final ReentrantLock alone = new ReentrantLock();

    /**
     * The suspects of an inbox.
     *
     * @param reader the mark of this life of the node, as a file name
     * @param lives after how many deaths a file is set aside
     */
    Suspects(Path inbox, String reader, int lives) {
        this.deaths = new FileDeaths(inbox);
        this.reader = reader;
        this.lives = lives;
    }

    /** A node died with a file, which is not given back yet. */
    void died(String node, Path file) throws IOException {
        Path note = deaths.place(file);
        Optional<Count> before = deaths.read(note);
        if (before.isEmpty()) {
            deaths.write(note, new Count(0, FileDeaths.NOBODY));
        } else if (before.get().reader().equals(node)) {
            int count = before.get().deaths() + 1;
            deaths.write(note, new Count(count, count < lives ? FileDeaths.NOBODY : FileDeaths.NEVER));
        }
    }

    /**
     * The right to read a file; a suspected one waits until it is alone.
     *
     * @throws InterruptedIOException if the node stops meanwhile
     */
    public Turn turn(Path file) throws InterruptedIOException {
        Optional<Path> note = deaths.note(file);
        if (note.isEmpty()) {
            return new Turn(null);
        }
        try {
            alone.lockInterruptibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException(
                    "a file of the inbox waited for its turn when the node stopped; it goes back");
        }
        // another node may have taken it over, and its note too
        if (file.toFile().exists()) {
            deaths.read(note.get()).ifPresent(count -> deaths.write(note.get(), new Count(count.deaths(), reader)));
        }
        return new Turn(note.get());
    }

    /** The reading of one file, by one thread. */
    public final class Turn implements AutoCloseable {

        private Path note;

        private Turn(Path note) {
            this.note = note;
        }

        /** An order of the file was newly accepted. */
        public void progress() {
            close();
        }

        /** The reading ended. */
        @Override
        public void close() {
            if (note == null) {
                return;
            }
            try {
                // what another node has written by now is its own
                if (deaths.read(note)
                        .filter(count -> count.reader().equals(reader))
                        .isPresent()) {
                    deaths.forget(note);
                }
            } finally {
                note = null;
                alone.unlock();
            }
        }
    }
}
