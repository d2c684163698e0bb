package io.waybill.sandbox;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.waybill.order.Json;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the carriers know: every booking, in memory and, if there is a file, on disk before it is answered.
 *
 * <ol>
 *   <li>A booking is one JSON line {@code {"event":"booked", ...}}; each later change of it is the whole entry again as
 *       {@code "event":"changed"}. The last line of an order counts.
 *   <li>The line is written with one call, so that a killed process leaves at most one torn last line. Its answer was never
 *       given: opening cuts it off.
 * </ol>
 */
final class Ledger implements AutoCloseable {

    private final Map<String, Entry> byId = new LinkedHashMap<>();
    private final Map<String, Entry> byKey = new HashMap<>();
    private final FileChannel file;
    private final boolean fsync;

    private Ledger(FileChannel file, boolean fsync) {
        this.file = file;
        this.fsync = fsync;
    }

    /**
     * One order at one carrier.
     *
     * @param key what the carrier checks duplicates by, null if the order has none
     * @param details what the carrier needs to answer about this order again, as JSON
     */
    record Entry(
            String carrier,
            String account,
            String key,
            String reference,
            String orderId,
            String tracking,
            String state,
            long at,
            byte[] details) {

        Entry changed(String newState, String newTracking, byte[] newDetails) {
            return new Entry(carrier, account, key, reference, orderId, newTracking, newState, at, newDetails);
        }

        JsonNode detail() {
            try {
                return Json.orders().readTree(details);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private Booked booked() {
            return new Booked(carrier, account, reference, orderId, tracking, state, Instant.ofEpochMilli(at));
        }

        private String id() {
            return carrier + '|' + account + '|' + orderId;
        }
    }

    /** Opens the ledger; a null path keeps it in memory only. */
    static Ledger open(Path path, boolean fsync) {
        try {
            if (path == null) {
                return new Ledger(null, false);
            }
            FileChannel file = FileChannel.open(
                    path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            Ledger ledger = new Ledger(file, fsync);
            file.truncate(endOfLastLine(file)).position(file.size());
            ledger.load(path);
            return ledger;
        } catch (IOException e) {
            throw new UncheckedIOException("open sandbox ledger '" + path + "': " + e.getMessage(), e);
        }
    }

    /** Makes a new booking durable. */
    synchronized void book(Entry entry) {
        append("booked", entry);
        put(entry);
    }

    /** Makes a change of a booking durable. */
    synchronized void change(Entry entry) {
        append("changed", entry);
        put(entry);
    }

    synchronized Entry byKey(String carrier, String key) {
        return byKey.get(carrier + '|' + key);
    }

    synchronized Entry byId(String carrier, String account, String orderId) {
        return byId.get(carrier + '|' + account + '|' + orderId);
    }

    /** The number of the next booking, over all carriers and restarts. */
    synchronized long next() {
        return byId.size() + 1L;
    }

    /** The lines that were added to a booking, for carriers whose bookings have some. */
    JsonNode items(Booked booked) {
        return details(booked).path("items").isArray()
                ? details(booked).path("items")
                : JsonNodeFactory.instance.arrayNode();
    }

    /** The labels that were uploaded for a booking, for carriers that take some. */
    JsonNode labels(Booked booked) {
        return byId(booked.carrier(), booked.account(), booked.carrierOrderId())
                .detail()
                .path("labels");
    }

    /** How often a booking was submitted, for carriers whose bookings are. */
    int submits(Booked booked) {
        return details(booked).path("submits").asInt();
    }

    private JsonNode details(Booked booked) {
        Entry entry = byId(booked.carrier(), booked.account(), booked.carrierOrderId());
        return entry.carrier().equals(BirdSystem.NAME) ? entry.detail() : MissingNode.getInstance();
    }

    synchronized List<Booked> booked() {
        return byId.values().stream().map(Entry::booked).toList();
    }

    @Override
    public synchronized void close() {
        try {
            if (file != null) {
                file.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void put(Entry entry) {
        byId.put(entry.id(), entry);
        if (entry.key() != null) {
            byKey.put(entry.carrier() + '|' + entry.key(), entry);
        }
    }

    private void append(String event, Entry entry) {
        if (file == null) {
            return;
        }
        try {
            ByteBuffer line = ByteBuffer.wrap(line(event, entry));
            while (line.hasRemaining()) {
                file.write(line);
            }
            if (fsync) {
                file.force(false);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("write sandbox ledger: " + e.getMessage(), e);
        }
    }

    private static byte[] line(String event, Entry entry) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(256 + entry.details().length);
        try (JsonGenerator json = Json.orders().createGenerator(line)) {
            json.writeStartObject();
            json.writeStringField("event", event);
            json.writeStringField("carrier", entry.carrier());
            json.writeStringField("account", entry.account());
            json.writeStringField("key", entry.key());
            json.writeStringField("reference", entry.reference());
            json.writeStringField("order_id", entry.orderId());
            json.writeStringField("tracking", entry.tracking());
            json.writeStringField("state", entry.state());
            json.writeNumberField("at", entry.at());
            json.writeFieldName("details");
            json.writeRawValue(new String(entry.details(), StandardCharsets.UTF_8));
            json.writeEndObject();
        }
        line.write('\n');
        return line.toByteArray();
    }

    private void load(Path path) throws IOException {
        try (BufferedReader lines = Files.newBufferedReader(path)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                put(entry(Json.orders().readTree(line)));
            }
        }
    }

    private static Entry entry(JsonNode line) throws IOException {
        return new Entry(
                line.get("carrier").textValue().intern(),
                line.get("account").textValue().intern(),
                line.get("key").textValue(),
                line.get("reference").textValue(),
                line.get("order_id").textValue(),
                line.get("tracking").textValue(),
                line.get("state").textValue().intern(),
                line.get("at").longValue(),
                Json.orders().writeValueAsBytes(line.get("details")));
    }

    private static long endOfLastLine(FileChannel file) throws IOException {
        ByteBuffer one = ByteBuffer.allocate(1);
        long end = file.size();
        while (end > 0) {
            file.read(one.clear(), end - 1);
            if (one.get(0) == '\n') {
                break;
            }
            end--;
        }
        return end;
    }
}
