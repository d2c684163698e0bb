package io.waybill.order;

/**
 * How many characters of orders may be in memory at once, for whoever shares this room.
 *
 * <p>A count of orders bounds nothing, since a legal one may have a million characters. Each takes about five bytes once an
 * order is read, and some more for what the carrier is sent and the database writes.
 */
public final class Room {

    private static final long LEAST = 2L * Json.MAX_DOCUMENT;

    private final long most;
    private long taken;

    public Room(long most) {
        this.most = most;
    }

    /** A character for so many bytes that the heap may have, but enough for a few of the largest orders. */
    public static Room ofHeap(int bytes) {
        return new Room(Math.max(LEAST, Runtime.getRuntime().maxMemory() / bytes));
    }

    /** Takes room if there is so much. */
    public boolean take(long characters) {
        return take(characters, 0);
    }

    /** Takes room if there is so much, and a part of all of it besides, such as a quarter (4). */
    public synchronized boolean take(long characters, int part) {
        long besides = part == 0 ? 0 : most / part;
        if (taken + characters > most - besides) {
            return false;
        }
        taken += characters;
        return true;
    }

    /** Gives back what was taken. */
    public synchronized void give(long characters) {
        taken -= characters;
    }

    /** How many characters more there is room for. */
    public synchronized long left() {
        return most - taken;
    }
}
