package io.waybill.ledger;

import io.waybill.order.Fingerprint;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javax.sql.DataSource;

/**
 * What people were told of, so that a restart or a second node does not tell it again.
 *
 * <ol>
 *   <li>{@link #settle} compares what holds now with the table {@code alert}: what is new is raised, what holds no more has
 *       recovered. Each is the work of one statement that changes a row or does not, so one node wins.
 *   <li>In the same transaction a notice for each channel is laid down: all that was raised together is one notice.
 *   <li>{@link #due} takes notices for a while; a channel that took one says {@link #told}. One that did not is tried again,
 *       by whichever node looks next: a notice comes at least once, nearly always exactly once.
 * </ol>
 */
public final class Alerts {

    public static final String RAISED = "raised";
    public static final String RECOVERED = "recovered";

    /** How many subjects a notice names. */
    static final int NAMED = 50;

    private static final Duration TAKEN = Duration.ofMinutes(1);
    private static final Duration KEPT = Duration.ofDays(30);

    /**
     * What a channel has to tell.
     *
     * @param id the same however often it is tried; a receiver may know it again by that
     * @param subjects order keys, carriers or {@code all}; the first ones only
     * @param number how many there are
     */
    public record Notice(
            String id, String kind, String event, String channel, List<String> subjects, int number, Instant at) {}

    private final DataSource dataSource;

    Alerts(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /**
     * Says what holds now.
     *
     * @param kind such as {@code in-doubt}
     * @param subjects all that it holds for
     * @param whole whether that is surely all; else nothing is taken for recovered
     * @param channels who is told
     */
    public void settle(String kind, Collection<String> subjects, boolean whole, List<String> channels, Instant now) {
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            try {
                Set<String> open = open(connection, kind);
                List<String> raised = raised(connection, kind, new TreeSet<>(subjects), open, now);
                List<String> recovered = whole ? recovered(connection, kind, subjects, open, now) : List.of();
                lay(connection, kind, RAISED, raised, channels, now);
                lay(connection, kind, RECOVERED, recovered, channels, now);
                execute(
                        connection,
                        "delete from alert where kind = ? and recovered_at < ?",
                        kind,
                        Statements.time(now.minus(KEPT)));
                connection.commit();
            } catch (SQLException e) {
                connection.rollback();
                throw e;
            }
        } catch (SQLException e) {
            throw new LedgerUnavailable("ledger: alerts cannot be written; they are found again", e);
        }
    }

    /** Takes notices that nobody tells at this moment, the oldest first. */
    public List<Notice> due(Instant now, int most) {
        List<Notice> taken = new ArrayList<>();
        try (Connection connection = dataSource.getConnection()) {
            for (Notice notice : waiting(connection, now, most)) {
                int mine = execute(
                        connection,
                        "update alert_notice set taken_until = ? where id = ?"
                                + " and (taken_until is null or taken_until < ?)",
                        Statements.time(now.plus(TAKEN)),
                        notice.id(),
                        Statements.time(now));
                if (mine == 1) {
                    taken.add(notice);
                }
            }
            return taken;
        } catch (SQLException e) {
            throw new LedgerUnavailable("ledger: alerts cannot be read" + LedgerUnavailable.AGAIN, e);
        }
    }

    /** The channel took it. */
    public void told(Notice notice) {
        try (Connection connection = dataSource.getConnection()) {
            execute(connection, "delete from alert_notice where id = ?", notice.id());
        } catch (SQLException e) {
            throw new LedgerUnavailable("ledger: a notice cannot be ended; it is told again", e);
        }
    }

    private static Set<String> open(Connection connection, String kind) throws SQLException {
        Set<String> open = new HashSet<>();
        try (PreparedStatement statement =
                connection.prepareStatement("select subject from alert where kind = ? and recovered_at is null")) {
            statement.setString(1, kind);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    open.add(rows.getString(1));
                }
            }
        }
        return open;
    }

    private static List<String> raised(
            Connection connection, String kind, Set<String> subjects, Set<String> open, Instant now)
            throws SQLException {
        List<String> raised = new ArrayList<>();
        for (String subject : subjects) {
            if (!open.contains(subject) && raise(connection, kind, subject, now)) {
                raised.add(subject);
            }
        }
        return raised;
    }

    private static boolean raise(Connection connection, String kind, String subject, Instant now) throws SQLException {
        int fresh = execute(
                connection,
                "insert into alert (kind, subject, raised_at) values (?, ?, ?) on conflict do nothing",
                kind,
                subject,
                Statements.time(now));
        return fresh == 1
                || execute(
                                connection,
                                "update alert set raised_at = ?, recovered_at = null where kind = ? and subject = ?"
                                        + " and recovered_at is not null",
                                Statements.time(now),
                                kind,
                                subject)
                        == 1;
    }

    private static List<String> recovered(
            Connection connection, String kind, Collection<String> subjects, Set<String> open, Instant now)
            throws SQLException {
        List<String> recovered = new ArrayList<>();
        Set<String> holding = new HashSet<>(subjects);
        for (String subject : new TreeSet<>(open)) {
            if (!holding.contains(subject)
                    && execute(
                                    connection,
                                    "update alert set recovered_at = ? where kind = ? and subject = ?"
                                            + " and recovered_at is null",
                                    Statements.time(now),
                                    kind,
                                    subject)
                            == 1) {
                recovered.add(subject);
            }
        }
        return recovered;
    }

    private static void lay(
            Connection connection, String kind, String event, List<String> subjects, List<String> channels, Instant now)
            throws SQLException {
        if (subjects.isEmpty()) {
            return;
        }
        String named = String.join("\n", subjects.subList(0, Math.min(NAMED, subjects.size())));
        for (String channel : channels) {
            String id = Fingerprint.of(String.join("\n", kind, event, channel, now.toString(), named)
                    .getBytes(StandardCharsets.UTF_8));
            execute(
                    connection,
                    "insert into alert_notice (id, kind, event, channel, subjects, number, at)"
                            + " values (?, ?, ?, ?, ?, ?, ?) on conflict do nothing",
                    id,
                    kind,
                    event,
                    channel,
                    named,
                    subjects.size(),
                    Statements.time(now));
        }
    }

    private static List<Notice> waiting(Connection connection, Instant now, int most) throws SQLException {
        List<Notice> waiting = new ArrayList<>();
        try (PreparedStatement statement =
                connection.prepareStatement("select id, kind, event, channel, subjects, number, at from alert_notice"
                        + " where taken_until is null or taken_until < ? order by at, id fetch first ? rows only")) {
            statement.setObject(1, Statements.time(now));
            statement.setInt(2, most);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    waiting.add(new Notice(
                            row.getString(1),
                            row.getString(2),
                            row.getString(3),
                            row.getString(4),
                            List.of(row.getString(5).split("\n")),
                            row.getInt(6),
                            row.getObject(7, OffsetDateTime.class).toInstant()));
                }
            }
        }
        return waiting;
    }

    private static int execute(Connection connection, String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            return statement.executeUpdate();
        }
    }
}
