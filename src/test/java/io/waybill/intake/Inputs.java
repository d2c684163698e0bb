package io.waybill.intake;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.waybill.order.Fault;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

/** Inputs for the tests of this package, small and very large. */
final class Inputs {

    private Inputs() {}

    static List<Document> json(String input) throws IOException {
        return read(input.getBytes(UTF_8), Form.JSON);
    }

    static List<Document> lines(String input) throws IOException {
        return read(input.getBytes(UTF_8), Form.NDJSON);
    }

    static List<Document> read(byte[] input, Form form) throws IOException {
        List<Document> documents = new ArrayList<>();
        new OrderReader().read(new ByteArrayInputStream(input), form, documents::add);
        return documents;
    }

    /** One line a document: its faults, or the id of its order. */
    static List<String> said(List<Document> documents) {
        return documents.stream().map(Inputs::said).toList();
    }

    static String raw(Document document) {
        return new String(document.raw(), UTF_8);
    }

    static InputStream text(String text) {
        return new ByteArrayInputStream(text.getBytes(UTF_8));
    }

    /** A text many times, made while it is read. */
    static InputStream repeat(String text, int times) {
        return sequence(Stream.generate(() -> text(text)).limit(times));
    }

    static InputStream sequence(Stream<InputStream> parts) {
        Iterator<InputStream> iterator = parts.iterator();
        return new SequenceInputStream(new Enumeration<>() {
            @Override
            public boolean hasMoreElements() {
                return iterator.hasNext();
            }

            @Override
            public InputStream nextElement() {
                return iterator.next();
            }
        });
    }

    private static String said(Document document) {
        return document.order() == null
                ? String.join(
                        " | ", document.faults().stream().map(Fault::message).toList())
                : document.order().path("order_id").asText();
    }
}
