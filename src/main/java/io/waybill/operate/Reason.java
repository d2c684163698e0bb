package io.waybill.operate;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.waybill.access.Login;

/**
 * Why somebody changes something by hand, and who; both stay in the history of what was changed.
 *
 * @param user as he logged in
 * @param text as it was given, never blank
 */
record Reason(String user, String text) {

    /**
     * The reason of whoever is logged in.
     *
     * @param what what he changes
     * @throws IllegalArgumentException if there is none
     */
    static Reason given(String what, String reason) {
        if (reason == null || reason.isBlank()) {
            throw new IllegalArgumentException(what + ": a reason is needed; it stays in the history");
        }
        return new Reason(Login.currentUser(), reason);
    }

    /** The user, as it may be shown. */
    String by() {
        return Row.visible(user);
    }

    /** The text, as it may be shown. */
    String why() {
        return Row.visible(text);
    }

    /** Both, as the detail of a row in a history. */
    String detail() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("by", by())
                .put("reason", why())
                .toString();
    }
}
