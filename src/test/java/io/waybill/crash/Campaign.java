package io.waybill.crash;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.zaxxer.hikari.HikariDataSource;
import io.waybill.sandbox.Booked;
import io.waybill.testing.OrderCheck;
import io.waybill.testing.RunningWaybill;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * One Waybill through many deaths, on the same work folder.
 *
 * <ol>
 *   <li>A living process gets a new batch of orders and dies.
 *   <li>While it is dead, the ledger is looked into: all batches but the last have settled before and must be in order.
 *   <li>It starts again, says in one line what it found, and everything settles.
 * </ol>
 */
final class Campaign implements AutoCloseable {

    private static final Pattern FOUND = Pattern.compile("found (\\d+) in doubt, (\\d+) resumed");

    private final Carriers carriers;
    private final Site site;
    private final List<Batch> settled = new ArrayList<>();
    private final int callsBefore;

    Campaign(String name, Base base) {
        this(name, base, Map.of());
    }

    Campaign(String name, Base base, Map<String, String> settings) {
        Surroundings around = Surroundings.get();
        carriers = around.carriers();
        callsBefore = carriers.calls("mabang");
        site = new Site(around, name, base, settings);
        site.start();
    }

    Carriers carriers() {
        return carriers;
    }

    Site site() {
        return site;
    }

    /** One crash as planned, and what must be true after it. */
    void crash(String tag, Plan plan) {
        String target = fall(tag, plan);
        if (plan.leavesDoubt()) {
            assertThat(site.resolveList()).as("in doubt").contains(target);
        } else if (plan.isAboutTheOrder()) {
            assertThat(site.console().inDoubt()).as("in doubt").doesNotContain(target);
        }
    }

    /** One crash as planned, after which all settles in whatever way; the id of the order that it was about. */
    String fall(String tag, Plan plan) {
        Batch batch = Batch.of(tag, 1);
        String target = Batch.id(tag, plan.carrier(), plan.input(), 1);
        prepare(plan.first(), plan.carrier(), target);
        batch.drop(site);
        die(plan.first(), target);
        if (plan.second() != null) {
            site.arm(plan.second(), target);
            site.begin();
            site.awaitFall(plan.second());
        }
        goOn(batch);
        return target;
    }

    /** A batch of which some time after {@code calls} more calls to carriers nobody knows how far it is. */
    void crashAtRandom(Batch batch, int calls) {
        int enough = carriers.calls() + calls;
        batch.drop(site);
        Awaitility.await("calls")
                .atMost(Child.PATIENCE)
                .pollInterval(Duration.ofMillis(2))
                .until(() -> carriers.calls() >= enough);
        site.kill();
        goOn(batch);
    }

    private void prepare(KillPoint point, String carrier, String target) {
        if (point.isWoven()) {
            site.arm(point, target);
        } else {
            carriers.script(
                    "{\"carrier\": \"%s\", \"reference\": \"%s\", \"delay_ms\": 60000}".formatted(carrier, target));
        }
    }

    private void die(KillPoint point, String target) {
        if (point.isWoven()) {
            site.awaitFall(point);
        } else {
            Awaitility.await("booked").atMost(Child.PATIENCE).until(() -> carriers.hasBooked(target));
            site.kill();
            carriers.clearScripts();
        }
    }

    /** Looks into the ledger of the dead, starts again and waits until all has settled. */
    void goOn(Batch batch) {
        String expected;
        try (HikariDataSource ledger = site.ledger()) {
            check(ledger);
            expected = found(ledger);
        }
        site.start();
        assertThat(said()).containsExactly(expected);
        settled.add(batch);
        site.awaitSettled((int) orders().count());
    }

    /** Kills it at rest and checks all that ever happened. */
    void finish() {
        site.kill();
        try (HikariDataSource ledger = site.ledger()) {
            assertThat(OrderCheck.wrong(parts(ledger, settled))).isEmpty();
        }
        assertThat(carriers.brokenConsignments()).isEmpty();
        assertThat(site.messages()).isEmpty();
        assertThat(sentAgain())
                .as("each order goes to Mabang once, and would be refused the second time")
                .isFalse();
    }

    /** Whether Mabang was called more often than there were orders for it. */
    boolean sentAgain() {
        long orders = orders().filter(id -> id.contains("mabang")).count();
        return carriers.calls("mabang") - callsBefore > orders;
    }

    private Stream<String> orders() {
        return settled.stream().flatMap(batch -> batch.ids().stream());
    }

    private void check(HikariDataSource ledger) {
        List<Batch> last = settled.isEmpty() ? settled : settled.subList(settled.size() - 1, settled.size());
        assertThat(OrderCheck.wrongOrders(parts(ledger, last))).isEmpty();
        Map<String, Set<JsonNode>> answers = site.answers();
        last.stream().flatMap(batch -> batch.ids().stream()).forEach(id -> {
            Path file = site.work().resolve("outbox/default/" + id + ".json");
            if (Files.exists(file)) {
                assertThat(answers.get(id))
                        .as("answers on the queue for %s", id)
                        .containsExactly(RunningWaybill.json(file));
            }
        });
    }

    private OrderCheck.Parts parts(HikariDataSource ledger, List<Batch> batches) {
        Set<String> tags = batches.stream().map(Batch::tag).collect(Collectors.toSet());
        List<String> ids =
                batches.stream().flatMap(batch -> batch.ids().stream()).toList();
        List<Booked> booked = carriers.booked().stream()
                .filter(each -> tags.contains(each.reference().replaceFirst("-.*", "")))
                .toList();
        return new OrderCheck.Parts(ledger, site.work(), booked, ids, id -> id.contains(Batch.NOBODY));
    }

    /** What the next start must say: what was sent is in doubt, what else somebody worked on is resumed. */
    private static String found(HikariDataSource ledger) {
        String sql =
                "select count(s.step), count(*) - count(s.step) from orders o left join step s on s.account = o.account"
                        + " and s.order_id = o.order_id and s.reissue = o.reissue and s.state = 'sent'"
                        + " where o.owner like '%#%' and o.due_at is not null";
        try (Connection connection = ledger.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return "found " + row.getInt(1) + " in doubt, " + row.getInt(2) + " resumed";
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private List<String> said() {
        return FOUND.matcher(site.life().log())
                .results()
                .map(MatchResult::group)
                .toList();
    }

    @Override
    public void close() {
        site.close();
    }
}
