package io.waybill.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.waybill.mapping.Request;
import io.waybill.mapping.Shown;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A request for people: method and path, the names of the headers, the body as JSON before it is encoded and signed.
 *
 * @param secrets values that are hidden wherever they stand
 */
record SentRequest(Set<String> secrets) {

    private static final ObjectMapper JSON = new ObjectMapper();

    List<String> lines(Request request) {
        List<String> lines = new ArrayList<>();
        lines.add(request.method() + " " + request.path());
        // what authenticates is a secret, whatever it is called
        request.headers().keySet().forEach(name -> lines.add(name + ": " + Shown.HIDDEN));
        lines.add(request.contentType() == null ? "as the query:" : "Content-Type: " + request.contentType());
        lines.add("");
        try {
            lines.add(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(new Shown(secrets).of(request.json())));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a JSON tree is always writable", e);
        }
        return lines;
    }
}
