package io.waybill.sink;

import com.fasterxml.jackson.databind.JsonNode;
import io.waybill.order.Fingerprint;
import io.waybill.order.OrderKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Proves that the label files of an order are what was once stored: there, and of the size and SHA-256 of their rows. */
public final class LabelAudit {

    private LabelAudit() {}

    /**
     * What is wrong with the labels of an order, one sentence each; empty if all of them stand.
     *
     * @param rows their rows, with {@code number, path, bytes, sha256}
     */
    public static List<String> broken(OrderKey key, JsonNode rows) {
        List<String> broken = new ArrayList<>();
        for (JsonNode row : rows) {
            String label = "order " + key + ": label " + row.path("number").asInt();
            if (row.path("path").asText().isEmpty()) {
                // taken away with what the order said of people
                continue;
            }
            Path file = Path.of(row.path("path").asText());
            try {
                if (!Files.isRegularFile(file)) {
                    broken.add(label + " is gone from '" + file + "'");
                } else if (Files.size(file) != row.path("bytes").asLong()
                        || !Fingerprint.of(Files.readAllBytes(file))
                                .equals(row.path("sha256").asText())) {
                    broken.add(label + " was changed after it was stored: '" + file + "'");
                }
            } catch (IOException e) {
                broken.add(label + " cannot be read: '" + file + "': "
                        + e.getClass().getSimpleName());
            }
        }
        return broken;
    }
}
