package io.waybill.mapping;

import com.schibsted.spt.data.jslt.Expression;

/**
 * One operation of a carrier, compiled: everything between our order and our result.
 *
 * @param query the query parameters of a call that has a body too, null if there are none
 */
record Step(
        Operation operation,
        Recipe recipe,
        Expression query,
        Expression request,
        Expression response,
        Rules rules,
        Classifier classifier,
        Cuts cuts) {}
