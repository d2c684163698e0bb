package io.waybill.operate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.ledger.Queries;
import io.waybill.order.OrderKey;
import io.waybill.sink.LabelAudit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Compares what ledger, label files, outbox and charges say of orders, one sentence for each difference.
 *
 * <ol>
 *   <li>Of an order that was answered, which is completed, awaiting or cancelled: the shipment names a label, then there is a
 *       label row, and its file; the charges of the shipment are rows; the answer lies in the outbox and says the same.
 *   <li>Of any other order: nothing; it is on its way, or its dead letter is its answer.
 *   <li>Of everything: charges, labels and answers belong to an order that was accepted.
 * </ol>
 *
 * @param outbox where the answers are
 */
record Reconciliation(Queries queries, Path outbox) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST = 1000;
    private static final Set<String> ANSWERED = Set.of("completed", "awaiting", "cancelled");

    /** The differences of one order. */
    List<String> of(OrderKey key, boolean answers) {
        ObjectNode trail = queries.trail().of(key).orElse(null);
        String state = trail == null ? "" : trail.at("/order/state").asText();
        if (!ANSWERED.contains(state) || trail.path("order").has("forgotten_at")) {
            return List.of();
        }
        List<String> differences = new ArrayList<>();
        JsonNode shipment = trail.at("/order/shipment");
        String order = "order " + key + ": ";
        if (!shipment.isObject()) {
            differences.add(order + state + " without a shipment");
            return differences;
        }
        if (shipment.has("label") && trail.path("labels").isEmpty()) {
            differences.add(order + state + " with a label, and there is no label row");
        }
        differences.addAll(LabelAudit.broken(key, trail.path("labels")));
        charges(order, shipment, trail.path("charges"), differences);
        if (answers) {
            answer(order + state, key, shipment, differences);
        }
        return differences;
    }

    /** What belongs to no order at all. */
    List<String> strays(boolean answers) {
        List<String> strays = new ArrayList<>();
        queries.books()
                .strayCharges(MOST)
                .forEach(key -> strays.add("order " + key + ": charged, and nobody accepted it"));
        queries.books()
                .strayLabels(MOST)
                .forEach(key -> strays.add("order " + key + ": has a label row, and nobody accepted it"));
        if (answers) {
            strayAnswers(strays);
        }
        return strays;
    }

    private static void charges(String order, JsonNode shipment, JsonNode rows, List<String> differences) {
        if (shipment.path("charges").size() > rows.size()) {
            differences.add(order + "the shipment names "
                    + shipment.path("charges").size() + " charges, the ledger has " + rows.size());
            return;
        }
        for (JsonNode charge : shipment.path("charges")) {
            boolean written = Stream.iterate(0, i -> i + 1)
                    .limit(rows.size())
                    .map(rows::get)
                    .anyMatch(row -> same(charge, row));
            if (!written) {
                differences.add(order + "the shipment's " + charge.path("kind").asText() + " of "
                        + charge.path("amount").asText() + " "
                        + charge.path("currency").asText()
                        + " is no charge of the ledger");
            }
        }
    }

    private static boolean same(JsonNode charge, JsonNode row) {
        return charge.path("kind").asText().equals(row.path("kind").asText())
                && charge.path("currency").asText().equals(row.path("currency").asText())
                && new BigDecimal(charge.path("amount").asText("0"))
                                .compareTo(new BigDecimal(row.path("amount").asText("0")))
                        == 0;
    }

    private void answer(String answered, OrderKey key, JsonNode shipment, List<String> differences) {
        Path file = outbox.resolve(key.account()).resolve(key.fileName() + ".json");
        try {
            if (!Files.isRegularFile(file)) {
                differences.add(answered + ", and its answer is not in the outbox");
            } else if (!JSON.readTree(Files.readAllBytes(file)).equals(shipment)) {
                differences.add(answered + ", and its answer in the outbox is not the shipment of the ledger");
            }
        } catch (JsonProcessingException e) {
            differences.add(answered + ", and its answer in the outbox is no JSON");
        } catch (IOException e) {
            differences.add(answered + ", and its answer in the outbox cannot be read");
        }
    }

    private void strayAnswers(List<String> strays) {
        if (!Files.isDirectory(outbox)) {
            return;
        }
        try (Stream<Path> accounts = Files.list(outbox)) {
            for (Path account : accounts.filter(Files::isDirectory).sorted().toList()) {
                try (Stream<Path> files = Files.list(account)) {
                    files.filter(file -> file.getFileName().toString().endsWith(".json"))
                            .sorted()
                            .filter(file -> !isKnown(account, file))
                            .limit(MOST)
                            .forEach(file -> strays.add("answer '" + account.getFileName() + "/" + file.getFileName()
                                    + "' belongs to no order"));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the outbox '" + outbox + "' cannot be read", e);
        }
    }

    private boolean isKnown(Path account, Path file) {
        String name = file.getFileName().toString().replaceFirst("\\.json$", "");
        try {
            return queries.find(OrderKey.parse(account.getFileName() + ":" + name))
                    .isPresent();
        } catch (IllegalArgumentException strange) {
            return false;
        }
    }
}
