package io.waybill.intake;

import java.nio.file.Path;

/**
 * Something that was taken out of the inbox because it will never be an order file, or is none that can be read.
 *
 * @param from where it lay
 * @param to where it lies now; the same as {@code from} if it could not be moved
 * @param account whose it is
 * @param reason why, as the end of the sentence "set aside, because"
 */
public record SetAside(Path from, Path to, String account, String reason) {

    /** Whether it was moved; else it stays in the inbox. */
    public boolean isMoved() {
        return !to.equals(from);
    }

    /** Whether processes died while they read it: it is an order file, and what of it was accepted goes on. */
    public boolean isPoison() {
        return reason.endsWith(FileDeaths.DIED);
    }
}
