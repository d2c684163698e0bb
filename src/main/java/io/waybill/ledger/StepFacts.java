package io.waybill.ledger;

/**
 * What is kept of a step beside its state; null where there is nothing to keep.
 *
 * @param mappingVersion the mapping that made the request
 * @param requestFingerprint SHA-256 of the bytes that were sent
 * @param responseFingerprint SHA-256 of the bytes that came back
 * @param result what the step produced, as JSON
 * @param reason why it is not done, in words
 * @param request what was asked for, as JSON without secrets; kept until the step is done
 * @param operation the operation by which a booking is sent, which the history keeps; null if it is {@code book}
 */
public record StepFacts(
        String mappingVersion,
        String requestFingerprint,
        String responseFingerprint,
        String result,
        String reason,
        String request,
        String operation) {

    /** What is kept of everything but the request itself. */
    public StepFacts(
            String mappingVersion,
            String requestFingerprint,
            String responseFingerprint,
            String result,
            String reason) {
        this(mappingVersion, requestFingerprint, responseFingerprint, result, reason, null, null);
    }

    static final StepFacts NONE = new StepFacts(null, null, null, null, null);

    static StepFacts because(String reason) {
        return new StepFacts(null, null, null, null, reason);
    }
}
