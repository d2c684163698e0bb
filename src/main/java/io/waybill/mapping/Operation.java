package io.waybill.mapping;

import java.time.Duration;

/**
 * The declared facts of one carrier operation, from {@code carrier.yaml}.
 *
 * @param name our name: {@code book}
 * @param method the HTTP method
 * @param path the documented path below {@code waybill.carrier.<carrier>.url}; empty for one that a setting would switch on
 * @param encoding {@code json}, {@code json-list}, {@code form}, {@code signed-form} or {@code query}
 * @param connectTimeout how long a connection may take; running into it means that nothing was sent
 * @param responseTimeout how long the answer may take; running into it means that the outcome is in doubt
 * @param inDoubt {@code repost}, {@code lookup} or {@code operator}: how an unknown outcome is resolved
 * @param url which setting of the carrier holds the address that the path follows, {@code url} unless it has its own host
 * @param rate the most calls a second, null where the carrier publishes none
 * @param keep which setting of the carrier says for how many minutes an answer serves other orders too, null if for none
 * @param htmlBefore whether an answer may have a warning in HTML before its document
 */
public record Operation(
        String name,
        String method,
        String path,
        String encoding,
        Duration connectTimeout,
        Duration responseTimeout,
        String inDoubt,
        String url,
        Integer rate,
        String keep,
        boolean htmlBefore) {

    /** Whether nothing can be called, since no setting says where. */
    public boolean isOff() {
        return path.isEmpty();
    }
}
