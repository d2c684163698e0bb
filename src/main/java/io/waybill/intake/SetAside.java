package io.waybill.intake;

import java.nio.file.Path;

/**
 * Something that was taken out of the inbox because it will never be an order file.
 *
 * @param from where it lay
 * @param to where it lies now; the same as {@code from} if it could not be moved
 * @param account whose it is
 * @param reason why, as the end of the sentence "set aside, because"
 */
public record SetAside(Path from, Path to, String account, String reason) {}
