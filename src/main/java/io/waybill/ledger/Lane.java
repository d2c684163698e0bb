package io.waybill.ledger;

/**
 * The queue of one carrier on this node, and what it did in the last seconds.
 *
 * <ol>
 *   <li>It is slow if it was not empty for {@link #SECONDS}, and holds at least half of what it took in that time.
 *   <li>A slow one overflows if it holds as much as it took in that time: then whoever comes would wait for longer.
 *   <li>From then on it is full for everybody who was not called, until nobody waits in the ledger and it is not slow.
 * </ol>
 */
final class Lane {

    static final int SECONDS = 5;

    private final int least;
    private final int[] taken = new int[SECONDS + 1];
    private long second;
    private long emptyAt;
    private int waiting;
    private boolean overflow;

    /** @param least so many may always wait */
    Lane(int least) {
        this.least = least;
    }

    synchronized void entered(long now) {
        if (waiting++ == 0) {
            emptyAt = now;
        }
    }

    /** @param turn whether it was its turn, or it went away before */
    synchronized void left(long now, boolean turn) {
        if (--waiting == 0) {
            emptyAt = now;
        }
        if (turn) {
            forward(now);
            taken[slot(second)]++;
        }
    }

    synchronized boolean isFull(long now) {
        return overflow || isSlow(now) && waiting >= most(now);
    }

    /**
     * How many more may be called.
     *
     * @param share how many may wait here while it is not slow
     */
    synchronized int room(long now, int share) {
        return Math.max(0, (isSlow(now) ? Math.min(share, most(now)) : share) - waiting);
    }

    /**
     * Others wait in the ledger.
     *
     * @return whether that was not so before
     */
    synchronized boolean overflow() {
        boolean begins = !overflow;
        overflow = true;
        return begins;
    }

    /** Nobody was found in the ledger; some may be on their way there while it is slow. */
    synchronized void drained(long now) {
        overflow = overflow && isSlow(now);
    }

    private boolean isSlow(long now) {
        return waiting > 0 && now - emptyAt >= SECONDS * 1000L && 2L * waiting >= taken(now);
    }

    private int most(long now) {
        return Math.max(least, taken(now));
    }

    private int taken(long now) {
        forward(now);
        int sum = 0;
        for (int count : taken) {
            sum += count;
        }
        return sum;
    }

    /** Forgets what is too long ago; a clock that goes back counts on where it was. */
    private void forward(long now) {
        long next = Math.floorDiv(now, 1000L);
        for (long each = Math.max(second + 1, next - SECONDS); each <= next; each++) {
            taken[slot(each)] = 0;
        }
        second = Math.max(second, next);
    }

    private static int slot(long second) {
        return (int) Math.floorMod(second, (long) SECONDS + 1);
    }
}
