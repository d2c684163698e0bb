package io.waybill.sandbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.waybill.order.Json;
import io.waybill.sandbox.Carrier.Answer;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/** Puts an answer on the wire, as it is or spoilt by a {@link Reply}. Used by the server's one thread only. */
final class Wire {

    private static final String JSON_TYPE = "application/json; charset=utf-8";
    private static final Buffer WARNING =
            Buffer.buffer("<br />\n<b>Warning</b>:  json_decode() expects parameter 1 to be string, array given in"
                    + " <b>/var/www/client/index.php</b> on line <b>42</b><br />\n");
    private static final Buffer BLANKS = Buffer.buffer(" ".repeat(64 * 1024));

    private final Vertx vertx;
    private final Set<HttpConnection> stale = Collections.newSetFromMap(new IdentityHashMap<>());

    Wire(Vertx vertx) {
        this.vertx = vertx;
    }

    /** Closes a connection that was left stale; returns whether it was. */
    boolean closedAsStale(HttpConnection connection) {
        if (stale.isEmpty() || !stale.remove(connection)) {
            return false;
        }
        connection.close();
        return true;
    }

    /** Sends the carrier's answer, which is null if the carrier never saw the call. */
    void send(HttpServerRequest request, Answer answer, Reply reply) {
        HttpServerResponse response = request.response();
        if (response.closed()) {
            return;
        }
        switch (reply.kind()) {
            case DROP -> request.connection().close();
            case STATUS -> sendStatus(response, reply);
            case MALFORMED -> start(response, answer).end(half(document(answer)));
            case CUT -> cut(request, answer);
            case WARNING -> start(response, answer).end(WARNING.copy().appendBuffer(document(answer)));
            case WITHOUT -> {
                reply.without().forEach(name -> remove(answer.body(), name));
                start(response, answer).end(document(answer));
            }
            case DRIP -> drip(response, answer, Math.max(1, reply.every().toMillis()));
            case HUGE -> huge(response, answer, reply.bytes());
            case STALE -> {
                stale.add(request.connection());
                request.connection().closeHandler(closed -> stale.remove(request.connection()));
                start(response, answer).end(document(answer));
            }
            case ANSWER -> start(response, answer).end(document(answer));
        }
    }

    private static HttpServerResponse start(HttpServerResponse response, Answer answer) {
        return response.setStatusCode(answer.status()).putHeader("Content-Type", JSON_TYPE);
    }

    private static Buffer document(Answer answer) {
        try {
            return Buffer.buffer(Json.orders().writeValueAsBytes(answer.body()));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void sendStatus(HttpServerResponse response, Reply reply) {
        response.setStatusCode(reply.status());
        reply.headers().forEach(response::putHeader);
        response.end(reply.body());
    }

    private static void cut(HttpServerRequest request, Answer answer) {
        Buffer document = document(answer);
        HttpServerResponse response = start(request.response(), answer);
        response.putHeader("Content-Length", String.valueOf(document.length()));
        response.write(half(document))
                .onComplete(written -> request.connection().close());
    }

    private static Buffer half(Buffer document) {
        return document.slice(0, document.length() / 2);
    }

    private static void remove(JsonNode within, String name) {
        if (within instanceof ObjectNode object) {
            object.remove(name);
        }
        within.forEach(child -> remove(child, name));
    }

    private void drip(HttpServerResponse response, Answer answer, long every) {
        Buffer document = document(answer);
        start(response, answer).putHeader("Content-Length", String.valueOf(document.length()));
        int[] at = {0};
        vertx.setPeriodic(every, timer -> {
            if (response.closed()) {
                vertx.cancelTimer(timer);
                return;
            }
            response.write(document.slice(at[0], ++at[0]));
            if (at[0] == document.length()) {
                vertx.cancelTimer(timer);
                response.end();
            }
        });
    }

    private static void huge(HttpServerResponse response, Answer answer, long bytes) {
        Buffer document = document(answer);
        start(response, answer).putHeader("Content-Length", String.valueOf(bytes + document.length()));
        long[] left = {bytes};
        Runnable pump = () -> {
            while (left[0] > 0 && !response.closed() && !response.writeQueueFull()) {
                int length = (int) Math.min(left[0], BLANKS.length());
                left[0] -= length;
                response.write(BLANKS.slice(0, length));
            }
            if (left[0] == 0 && !response.ended()) {
                response.end(document);
            }
        };
        response.drainHandler(drained -> pump.run());
        pump.run();
    }
}
