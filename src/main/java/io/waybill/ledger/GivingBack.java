package io.waybill.ledger;

import io.waybill.order.OrderKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** How orders that nobody works on any more become anybody's: what was sent is in doubt, the rest is due. */
final class GivingBack {

    private final Ledger ledger;
    private final GroupCommit commits;
    private final Queries queries;
    private final Nodes nodes;
    private final Hands hands;
    private volatile Duration settle = Duration.ofSeconds(30);

    GivingBack(Ledger ledger, GroupCommit commits, Queries queries, Nodes nodes, Hands hands) {
        this.ledger = ledger;
        this.commits = commits;
        this.queries = queries;
        this.nodes = nodes;
        this.hands = hands;
    }

    void settleFor(Duration time) {
        settle = time;
    }

    Recovery recover() {
        List<String> owners = new ArrayList<>(nodes.dead());
        owners.add(ledger.owner());
        List<CompletableFuture<Boolean>> inDoubt = new ArrayList<>();
        List<CompletableFuture<Boolean>> resumed = new ArrayList<>();
        for (OrderKey key : queries.due().ownedBy(owners)) {
            queries.find(key).filter(stored -> owners.contains(stored.owner())).ifPresent(stored -> {
                if (!hands.has(key)) {
                    Optional<Step> sent = queries.steps(key).stream()
                            .filter(step -> step.state().equals(Step.SENT))
                            .findFirst();
                    (sent.isPresent() ? inDoubt : resumed).add(giveBack(stored, sent));
                }
            });
        }
        return new Recovery(held(inDoubt), held(resumed));
    }

    private CompletableFuture<Boolean> giveBack(Stored stored, Optional<Step> sent) {
        boolean died = !ledger.owner().equals(stored.owner());
        List<Sql> life = died ? List.of(Statements.countLife(stored.key())) : List.of();
        if (sent.isEmpty()) {
            // a person was about to have a dead one cancelled: it is nobody's turn by itself
            Instant dueAt = stored.isDead() ? null : ledger.now();
            return change(stored, stored.state(), dueAt, "given-back", life);
        }
        Step doubt = new Step(sent.get().name(), Step.IN_DOUBT, sent.get().attempt());
        StepFacts why = StepFacts.because("the work broke off after it began to ask the carrier");
        Sql row = Statements.updateStep(stored.key(), doubt, why, ledger.node(), ledger.now());
        List<Sql> rows = Stream.concat(Stream.of(row), life.stream()).toList();
        return doubt.name().equals(FollowUp.CANCEL)
                ? voidInDoubt(stored, rows, why.reason())
                : change(stored, "in-doubt", ledger.now().plus(settle), "in-doubt", rows);
    }

    /** An order whose void is in doubt stays what it is; only its void is looked into. */
    private CompletableFuture<Boolean> voidInDoubt(Stored stored, List<Sql> step, String why) {
        Instant dueAt = ledger.now().plus(settle);
        List<Sql> rows = new ArrayList<>(step);
        queries.followUps(stored.key()).stream()
                .filter(each -> each.operation().equals(FollowUp.CANCEL))
                .map(each -> each.at(FollowUp.IN_DOUBT, dueAt, why).update(stored.key()))
                .forEach(rows::add);
        return change(stored, stored.state(), dueAt, "cancel-in-doubt", rows);
    }

    /** Changes an order that nobody works on, if it is still as it was read. */
    CompletableFuture<Boolean> change(Stored stored, String to, Instant dueAt, String what, List<Sql> effects) {
        History row = History.after(stored.historySeq(), stored.historyHash(), ledger.now(), what, "{}", ledger.node());
        OrderState after = new OrderState(
                to,
                stored.carrier(),
                stored.service(),
                stored.rule(),
                stored.carrierReference(),
                stored.shipment(),
                null,
                stored.attempts(),
                dueAt);
        List<Sql> all = new ArrayList<>(effects);
        all.add(row.row(stored.key()));
        Sql guard = Statements.updateOrder(stored.key(), after, stored.epoch(), stored.historyHash(), row);
        // not the order itself: what a dead node held may be more than there is room for
        OrderKey key = stored.key();
        return commits.submit(new Write(key.text(), guard, all)).whenComplete((held, failure) -> {
            if (failure == null && held) {
                ChangeLog.tell(key, what, to, after.carrier(), "{}");
            }
        });
    }

    private static int held(List<CompletableFuture<Boolean>> writes) {
        return (int) writes.stream().filter(GroupCommit::await).count();
    }
}
