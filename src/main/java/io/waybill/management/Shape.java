package io.waybill.management;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;

/** What a body is like without what is in it: of JSON its fields, with three stars for each value; of all else its length. */
final class Shape {

    private static final JsonFactory JSON = new JsonFactory();
    private static final String HIDDEN = "***";

    private Shape() {}

    static String of(String body) {
        String length = body.length() + " characters";
        if (!body.stripLeading().startsWith("{") && !body.stripLeading().startsWith("[")) {
            return length;
        }
        StringWriter shape = new StringWriter();
        try (JsonParser in = JSON.createParser(body);
                JsonGenerator out = JSON.createGenerator(shape)) {
            for (JsonToken token = in.nextToken(); token != null; token = in.nextToken()) {
                if (token.isScalarValue()) {
                    out.writeString(HIDDEN);
                } else {
                    out.copyCurrentEvent(in);
                }
            }
        } catch (IOException cutOrNoJson) {
            return length;
        }
        return shape.toString();
    }
}
