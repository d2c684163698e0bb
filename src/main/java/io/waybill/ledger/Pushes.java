package io.waybill.ledger;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The pushes of carriers, from their receipt to their end.
 *
 * <ol>
 *   <li>{@link #store} makes a push durable; only then is the carrier answered. The same push again changes nothing, except
 *       that what was put aside of it is tried once more.
 *   <li>{@link #take} gives what is due to one node and sets its time ahead: a node that dies meanwhile loses it to whoever
 *       asks next. The attempt is counted before the work, so that a push that kills its node comes to an end.
 *   <li>{@link #settle} says what became of it, and is refused to whoever lost it.
 * </ol>
 */
public final class Pushes {

    /** As the index has them, see {@link DueOrders}. */
    static final String DUE = "select * from push where due_at <= ? order by due_at fetch first ? rows only";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final GroupCommit commits;
    private final Queries queries;
    private final Clock clock;

    Pushes(GroupCommit commits, Queries queries, Clock clock) {
        this.commits = commits;
        this.queries = queries;
        this.clock = clock;
    }

    /**
     * Makes a push durable.
     *
     * @return whether it is new
     * @throws LedgerUnavailable if it is not known to be durable in time; the carrier may send it again
     */
    public boolean store(Push push, Duration patience) {
        boolean isNew = await(commits.submit(write(push.id(), insert(push, now()))), patience);
        if (!isNew) {
            await(commits.submit(write(push.id(), again(push.id(), now()))), patience);
        }
        return isNew;
    }

    /** Takes pushes that are due, the longest due first; each is this node's until {@code lease} has passed. */
    public List<Push> take(int most, Duration lease) {
        Instant now = now();
        Instant until = now.plus(lease);
        return due(now, most).stream()
                .filter(push -> change(Sql.of(
                        "update push set attempts = attempts + 1, due_at = ?, updated_at = ? where id = ? and due_at = ?",
                        Statements.time(until),
                        Statements.time(now),
                        push.id(),
                        Statements.time(push.dueAt()))))
                .map(push -> begun(push, until))
                .toList();
    }

    /**
     * Ends the work on a push that {@link #take} gave.
     *
     * @param wait until when it rests if it is {@link Push#STORED} still; null in every other state
     * @return false if somebody else has it by now
     */
    public boolean settle(Push push, String state, String detail, Duration wait) {
        Instant now = now();
        return change(Sql.of(
                "update push set state = ?, detail = ?, due_at = ?, updated_at = ? where id = ? and due_at = ?",
                state,
                detail,
                wait == null ? null : Statements.time(now.plus(wait)),
                Statements.time(now),
                push.id(),
                Statements.time(push.dueAt())));
    }

    /**
     * Works on a push once more, because a person wants it; who and why stays with it.
     *
     * @param id its id, or how it begins
     * @return false if nothing of such a push was put aside
     */
    public boolean replay(String id, String who, String why) {
        List<Push> aside = beginning(id).stream()
                .filter(push -> push.state().equals(Push.ASIDE))
                .toList();
        return aside.size() == 1
                && change(Sql.of(
                        "update push set state = 'stored', attempts = 0, detail = ?, due_at = ?, updated_at = ?"
                                + " where id = ? and state = 'aside'",
                        replayed(aside.get(0), who, why),
                        Statements.time(now()),
                        Statements.time(now()),
                        aside.get(0).id()));
    }

    /** Takes away what was told before a moment and is done with. The same push would be applied again, which changes nothing. */
    public void forget(Instant before) {
        change(Sql.of("delete from push where state in ('done', 'aside') and updated_at < ?", Statements.time(before)));
    }

    private List<Push> due(Instant now, int most) {
        return queries.list(DUE, Push::of, Statements.time(now), most);
    }

    private List<Push> beginning(String id) {
        return queries.list("select * from push where id >= ? and id < ?", Push::of, id, id + "~");
    }

    private String replayed(Push push, String who, String why) {
        try {
            ObjectNode detail = JsonNodeFactory.instance.objectNode();
            ArrayNode replays = detail.putArray(Push.REPLAYS);
            JSON.readTree(push.detail()).path(Push.REPLAYS).forEach(replays::add);
            replays.addObject().put("by", who).put("reason", why).put("at", now().toString());
            return detail.toString();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("ledger: the detail of a push is no JSON", e);
        }
    }

    private static Push begun(Push push, Instant until) {
        return new Push(
                push.id(),
                push.carrier(),
                push.account(),
                push.body(),
                push.state(),
                push.detail(),
                push.attempts() + 1,
                push.receivedAt(),
                until);
    }

    private static Sql insert(Push push, Instant now) {
        return Sql.of(
                "insert into push (id, carrier, account, body, state, detail, attempts, times, due_at, received_at,"
                        + " updated_at) select ?, ?, ?, ?, ?, ?, 0, 1, ?, ?, ? on conflict do nothing",
                push.id(),
                push.carrier(),
                push.account(),
                push.body(),
                push.state(),
                push.detail(),
                Statements.time(now),
                Statements.time(push.receivedAt().truncatedTo(ChronoUnit.MICROS)),
                Statements.time(now));
    }

    private static Sql again(String id, Instant now) {
        return Sql.of(
                "update push set times = times + 1, due_at = case when state = 'aside' then ? else due_at end,"
                        + " attempts = case when state = 'aside' then 0 else attempts end,"
                        + " state = case when state = 'aside' then 'stored' else state end where id = ?",
                Statements.time(now),
                id);
    }

    private boolean change(Sql guard) {
        return GroupCommit.await(commits.submit(write("push", guard)));
    }

    private static Write write(String key, Sql guard) {
        return new Write(key, guard, List.of());
    }

    private static boolean await(CompletableFuture<Boolean> write, Duration patience) {
        try {
            return write.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException known
                    ? known
                    : new LedgerUnavailable("ledger: a push cannot be stored", e.getCause());
        } catch (TimeoutException e) {
            throw new LedgerUnavailable("ledger: a push was not stored in time", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LedgerUnavailable("ledger: the wait for a push to be stored was interrupted", e);
        }
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
