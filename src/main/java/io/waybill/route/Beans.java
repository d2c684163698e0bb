package io.waybill.route;

import io.waybill.intake.InboxFilter;
import io.waybill.intake.InboxSweep;
import io.waybill.intake.ReadFiles;
import io.waybill.intake.TakenFiles;
import io.waybill.ledger.Ledger;
import io.waybill.mapping.CarrierRules;
import io.waybill.mapping.Carriers;
import io.waybill.mapping.OrderSchema;
import io.waybill.order.Tariff;
import io.waybill.settings.Settings;
import io.waybill.sink.DeadLetterStore;
import io.waybill.sink.HalfWritten;
import io.waybill.sink.JoinedDataSource;
import io.waybill.sink.LabelDownload;
import io.waybill.sink.LabelHosts;
import io.waybill.sink.LabelKeeper;
import io.waybill.sink.LabelStore;
import io.waybill.sink.Leftovers;
import io.waybill.sink.Rows;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.apache.camel.Processor;

/** Everything that the route files name with {@code ref:}, by the names they use. */
public final class Beans {

    /**
     * What the steps are made of.
     *
     * @param database the ledger's pool, also known to routes as {@code ledgerDb}
     */
    public record Parts(
            Settings settings,
            Ledger ledger,
            Carriers carriers,
            CarrierRules rules,
            OrderSchema schema,
            DataSource database,
            Tally tally,
            Clock clock) {}

    /** What operators may decide: about orders in doubt, and that an order is cancelled. */
    public record Decided(Decisions decisions, Cancellations cancellations) {}

    private Beans() {}

    /**
     * Binds every bean; to be called before the routes are loaded.
     *
     * @return what operators may decide
     */
    public static Decided bind(BiConsumer<String, Object> registry, Parts parts) {
        Settings settings = parts.settings();
        checkTariffs(settings);
        Path inbox = settings.path("waybill.inbox");
        Path dead = settings.path("waybill.dead-letters");
        Duration settle = Duration.ofMillis(settings.number("waybill.intake.settle-ms"));
        Backoff backoff = new Backoff(
                Duration.ofSeconds(settings.number("waybill.retry.longest-seconds")),
                Duration.ofHours(settings.number("waybill.retry.age-hours")),
                Duration.ofSeconds(settings.number("waybill.in-doubt.settle-seconds")));
        Breaker breaker = new Breaker(
                parts.ledger().pauses(),
                Breaker.Policy.of(settings, backoff.age()),
                settings,
                claim -> Calls.areDone(parts.carriers(), settings, claim));
        DeadLetterStore deadLetters = new DeadLetterStore(dead, parts.clock());
        LabelKeeper labels = new LabelKeeper(
                new LabelStore(settings.path("waybill.labels")),
                LabelHosts.of(settings.below("waybill.carrier.")),
                new LabelDownload(),
                parts.clock());
        JoinedDataSource sinkDb = new JoinedDataSource(parts.database());

        registry.accept("ledgerDb", parts.database());
        registry.accept("sinkDb", sinkDb);
        registry.accept("pauses", parts.ledger().pauses());
        registry.accept("ledger", new LedgerRepository(parts.ledger()));
        registry.accept("http", new CarrierHttp());
        registry.accept("https", new CarrierHttp());
        registry.accept("mapping", new MappingComponent(parts.carriers(), settings));
        registry.accept("inboxFilter", new InboxFilter(inbox, settle, parts.clock()));
        Voids voids = new Voids(parts.carriers(), settings, breaker, backoff, parts.tally(), parts.clock());
        FollowUpRules followed = new FollowUpRules(parts.carriers(), settings);
        FollowUpTimes times = new FollowUpTimes(followed, parts.clock());
        FollowUpReview review = new FollowUpReview(followed, voids, parts.clock());
        FollowUps followUps =
                new FollowUps(parts.carriers(), followed, times, breaker, voids, parts.tally(), parts.clock());
        Turns turns = new Turns();
        OwedAnswer owed = new OwedAnswer(turns, backoff, parts.clock());
        LaterCommit laterCommit = new LaterCommit(sinkDb, labels, review, times, parts.tally(), turns, parts.clock());
        registry.accept("oneCommit", new OneCommit(sinkDb, deadLetters, backoff, review, parts.tally()));
        registry.accept("laterCommit", laterCommit);
        steps(
                registry,
                Map.of(
                        "planFollowUp", followUps::plan,
                        "judgeNews", followUps::judge,
                        "followUpFailed", followUps::failed,
                        "layOver", laterCommit::layOver,
                        "judgeCancel", voids::judge,
                        "judgeCancelled", voids::judgeFound,
                        "journalCancelled", voids::journal));

        TakenFiles files = new TakenFiles(inbox, parts.ledger().owner(), settings.number("waybill.lives"));
        ReadFiles read = new ReadFiles(inbox, settings.path("waybill.archive"));
        SharedInbox sharedInbox = new SharedInbox(files, read, parts.ledger(), backoff, parts.clock());
        registry.accept("sharedInbox", sharedInbox);
        steps(registry, Map.of("takeOverFiles", sharedInbox::takeOver, "archiveKept", sharedInbox::archiveKept));
        MessageSizes sizes = new MessageSizes(settings);
        int largestMessage = sizes.content();
        sizes.check(Runtime.getRuntime().maxMemory() >> 20);
        InboxSweep sweep = new InboxSweep(inbox, dead, settle, parts.clock());
        Intake intake = new Intake(parts.ledger(), parts.schema(), inbox, files, parts.tally(), turns, largestMessage);
        bind(registry, intake);
        LeftInQueue left = new LeftInQueue(settings.get("waybill.queue.orders"), sizes.received());
        LeftInQueue undispatched = new LeftInQueue(sizes.dispatchQueue(), sizes.received());
        steps(registry, Map.of("lookForLeft", exchange -> {
            left.look(exchange);
            undispatched.look(exchange);
        }));
        steps(registry, Map.of("sweepInbox", new Sweep(parts.ledger(), sweep, deadLetters, inbox)::sweep));
        bind(registry, new Work(parts.ledger(), parts.carriers(), breaker, times, settings));
        Choosing choosing = new Choosing(parts.ledger(), parts.carriers(), parts.rules(), times, owed, settings);
        steps(registry, Map.of("choose", choosing::choose));
        Dispatched dispatched = new Dispatched(parts.ledger(), deadLetters, parts.tally(), largestMessage);
        steps(registry, Map.of("take", dispatched::take, "buryStray", dispatched::bury));
        parts.ledger().settleFor(backoff.settle()).waitFor(backoff.age());
        bind(registry, new Doubts(parts.carriers(), settings, breaker, parts.tally(), parts.clock()));
        boolean pushed = settings.number("waybill.http.port") > 0;
        bind(registry, new Calls(parts.carriers(), settings, labels, breaker, parts.tally(), parts.clock(), pushed));
        Questions questions = new Questions(parts.carriers(), settings, breaker, parts.tally(), parts.clock());
        bind(registry, new CallPlan(parts.carriers(), settings, questions));
        steps(registry, Map.of("keepAnswer", questions::keep, "goOnWithout", questions::without));
        bind(registry, new Sinks(labels, new Rows(parts.clock()), settings.path("waybill.outbox")));
        bind(
                registry,
                new Failures(
                        parts.ledger(),
                        deadLetters,
                        backoff,
                        breaker,
                        claim -> Doubts.way(parts.carriers(), settings, claim),
                        parts.tally(),
                        parts.clock()));
        Leftovers leftovers = new Leftovers(
                parts.ledger(),
                new Leftovers.Folders(
                        settings.path("waybill.outbox"),
                        dead,
                        settings.path("waybill.archive"),
                        Retention.files(settings)));
        Duration keep = Duration.ofDays(settings.number("waybill.retention.days"));
        HalfWritten halfWritten = new HalfWritten(Stream.of("outbox", "labels", "dead-letters", "archive")
                .map(folder -> settings.path("waybill." + folder))
                .toList());
        Retention retention = new Retention(leftovers, halfWritten, keep, parts.clock());
        steps(registry, Map.of("takeAway", retention::takeAway, "dropHalfWritten", retention::dropHalfWritten));
        bind(registry, new Alerting(parts.ledger(), settings, parts.clock()));
        Decisions decisions = new Decisions(settings, parts.carriers(), parts.ledger(), deadLetters, breaker);
        registry.accept("decisions", decisions);
        bind(
                registry,
                new PushIntake(parts.ledger(), parts.carriers(), settings, parts.tally(), parts.clock()),
                new PushEntries(
                        parts.ledger(),
                        parts.carriers(),
                        settings,
                        new PushAside(parts.ledger(), deadLetters, parts.tally()),
                        backoff,
                        parts.clock()));
        return new Decided(
                decisions,
                new Cancellations(parts.ledger(), parts.carriers(), settings, owed, parts.tally(), parts.clock()));
    }

    /** A tariff is read after the carrier has booked, when it is too late to refuse it. */
    private static void checkTariffs(Settings settings) {
        settings.below("waybill.account.").forEach((name, tariff) -> {
            if (name.contains(".tariff.")) {
                try {
                    Tariff.parse(tariff);
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException("setting 'waybill.account." + name + "': " + e.getMessage(), e);
                }
            }
        });
    }

    private static void bind(BiConsumer<String, Object> registry, Intake intake) {
        steps(registry, Map.of("acceptFile", intake::file, "acceptMessage", intake::message));
    }

    private static void bind(BiConsumer<String, Object> registry, Work work) {
        steps(
                registry,
                Map.of(
                        "findDue", work::due,
                        "takeOver", work::recover,
                        "claim", work::claim,
                        "hold", work::hold,
                        "admit", work::admit,
                        "awaitTurn", work::awaitTurn));
    }

    private static void bind(BiConsumer<String, Object> registry, Doubts doubts) {
        steps(
                registry,
                Map.of(
                        "chooseWay", doubts::chooseWay,
                        "keepBooking", doubts::keepBooking,
                        "judgeFound", doubts::judgeFound,
                        "allowAgain", doubts::allowAgain,
                        "adoptLanded", doubts::adoptLanded,
                        "leaveToOperator", doubts::leave));
    }

    private static void bind(BiConsumer<String, Object> registry, Calls calls) {
        steps(
                registry,
                Map.of("journalRequest", calls::sent, "judgeAnswer", calls::judge, "journalAnswer", calls::booked));
    }

    private static void bind(BiConsumer<String, Object> registry, CallPlan plan) {
        steps(registry, Map.of("planCalls", plan::plan, "nextCall", plan::next));
    }

    private static void bind(BiConsumer<String, Object> registry, Sinks sinks) {
        steps(
                registry,
                Map.of(
                        "storeLabel", sinks::label,
                        "trackingRows", sinks::tracking,
                        "chargeRows", sinks::charges,
                        "shipment", sinks::shipment,
                        "dropHalf", sinks::dropHalf,
                        "noteFailure", sinks::failed));
    }

    private static void bind(BiConsumer<String, Object> registry, Alerting alerting) {
        steps(
                registry,
                Map.of(
                        "findAlerts", alerting::find,
                        "openNotice", alerting::open,
                        "signNotice", alerting::sign,
                        "noticeTold", alerting::told,
                        "noticeUntold", alerting::untold));
    }

    private static void bind(BiConsumer<String, Object> registry, Failures failures) {
        steps(
                registry,
                Map.of(
                        "judgeFailure", failures::judge,
                        "postpone", failures::postpone,
                        "park", failures::park,
                        "bury", failures::bury));
    }

    private static void bind(BiConsumer<String, Object> registry, PushIntake intake, PushEntries entries) {
        steps(
                registry,
                Map.of(
                        "verifyPush", intake::verify,
                        "storePush", intake::store,
                        "answerPush", intake::answer,
                        "refusePush", intake::refuse));
        steps(
                registry,
                Map.of(
                        "takePushes", entries::take,
                        "cutPush", entries::cut,
                        "findPushed", entries::find,
                        "mapPush", entries::map,
                        "noteApplied", entries::applied,
                        "judgeEntry", entries::judge,
                        "settlePush", entries::settle));
    }

    private static void steps(BiConsumer<String, Object> registry, Map<String, Processor> steps) {
        steps.forEach(registry::accept);
    }
}
