package io.waybill.operate;

import io.waybill.ledger.Audit;
import io.waybill.ledger.Queries;
import io.waybill.order.OrderKey;
import io.waybill.sink.LabelAudit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What is wrong with what is kept of orders: of one, or of all of them page by page, see {@link Walk}. */
record Audits(Queries queries, Reconciliation reconciliation) {

    /** Of one order, its history and its label files. */
    List<String> audit(OrderKey key) {
        if (queries.find(key).isEmpty()) {
            throw new IllegalArgumentException("order " + key + ": nobody knows it");
        }
        return broken(key);
    }

    /** As {@link #audit}, of the orders behind one. */
    Map<String, Object> auditAfter(OrderKey last) {
        return walk().page(last, new ArrayList<>(), this::broken);
    }

    /** What ledger, label files, outbox and charges say of the orders behind one; at the beginning also of none. */
    Map<String, Object> reconcileAfter(OrderKey last, boolean answers) {
        List<String> findings = new ArrayList<>(last.account().isEmpty() ? reconciliation.strays(answers) : List.of());
        return walk().page(last, findings, key -> reconciliation.of(key, answers));
    }

    private Walk walk() {
        return new Walk(last -> queries.after(last, Lists.LISTED));
    }

    private List<String> broken(OrderKey key) {
        List<String> broken = new ArrayList<>(new Audit(queries).broken(key));
        broken.addAll(LabelAudit.broken(key, queries.trail().labels(key)));
        return broken;
    }
}
