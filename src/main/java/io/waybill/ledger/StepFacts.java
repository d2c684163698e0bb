package io.waybill.ledger;

/**
 * What is kept of a step beside its state; null where there is nothing to keep.
 *
 * @param mappingVersion the mapping that made the request
 * @param requestFingerprint SHA-256 of the bytes that were sent
 * @param responseFingerprint SHA-256 of the bytes that came back
 * @param result what the step produced, as JSON
 * @param reason why it is not done, in words
 */
public record StepFacts(
        String mappingVersion, String requestFingerprint, String responseFingerprint, String result, String reason) {

    static final StepFacts NONE = new StepFacts(null, null, null, null, null);

    static StepFacts because(String reason) {
        return new StepFacts(null, null, null, null, reason);
    }
}
