package io.waybill.mapping;

import com.schibsted.spt.data.jslt.Expression;
import io.waybill.order.Fault;
import java.util.List;

/**
 * One operation of a carrier, compiled: everything between our order and our result.
 *
 * @param query the query parameters of a call that has a body too, null if there are none
 * @param unwritten what the response mapping leaves to fill in: known before the call, since after it what it lacks is lost
 */
record Step(
        Operation operation,
        Recipe recipe,
        Expression query,
        Expression request,
        Expression response,
        List<Fault> unwritten,
        Rules rules,
        Classifier classifier,
        Cuts cuts) {}
