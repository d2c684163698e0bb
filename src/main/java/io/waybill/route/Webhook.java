package io.waybill.route;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/**
 * A message to somebody's web hook, signed as <a href="https://www.standardwebhooks.com">Standard Webhooks</a> has it: {@code
 * webhook-signature: v1,} and the Base64 of the HMAC-SHA256 over {@code id.timestamp.body}, so that a receiver knows sender,
 * content and age.
 */
final class Webhook {

    private static final String PREFIX = "whsec_";

    private Webhook() {}

    /**
     * Makes the body and the headers of the call.
     *
     * @param secret {@code whsec_} and Base64, or any text
     */
    static void sign(Exchange exchange, String id, String body, String secret, Clock clock) {
        String timestamp = Long.toString(clock.instant().getEpochSecond());
        Message message = exchange.getMessage();
        message.removeHeaders("*", "CamelRedeliver*");
        message.setHeader("webhook-id", id);
        message.setHeader("webhook-timestamp", timestamp);
        message.setHeader("webhook-signature", "v1," + hmac(id + "." + timestamp + "." + body, key(secret)));
        message.setHeader(Exchange.CONTENT_TYPE, "application/json; charset=utf-8");
        message.setBody(body.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] key(String secret) {
        return secret.startsWith(PREFIX)
                ? Base64.getDecoder().decode(secret.substring(PREFIX.length()))
                : secret.getBytes(StandardCharsets.UTF_8);
    }

    private static String hmac(String text, byte[] key) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HmacSHA256", e);
        }
    }
}
