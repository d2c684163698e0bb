package io.waybill.ledger;

import java.util.Map;

/**
 * Where the work on an order would go on.
 *
 * @param order its row
 * @param bound whether its carrier was asked and did not surely do nothing; then the order stays with that carrier
 * @param call the call that was begun and is not done, null if there is none
 * @param results what each step that is done produced, as JSON, by its name
 */
public record Resumption(Stored order, boolean bound, OpenCall call, Map<String, String> results) {

    /**
     * A call that was begun and is not done.
     *
     * @param mapping the version of the mapping that made it, null if nothing was ever sent
     * @param fingerprint SHA-256 of the bytes that were sent, null if nothing was
     * @param request what was asked for, as JSON without secrets; null where it is not kept
     */
    public record OpenCall(String step, String state, String mapping, String fingerprint, String request) {}
}
