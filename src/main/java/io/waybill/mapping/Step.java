package io.waybill.mapping;

import com.schibsted.spt.data.jslt.Expression;

/** One operation of a carrier, compiled: everything between our order and our result. */
record Step(
        Operation operation,
        Recipe recipe,
        Expression request,
        Expression response,
        Rules rules,
        Classifier classifier,
        Cuts cuts,
        String version) {}
