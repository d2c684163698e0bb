package io.waybill.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;

/** A walk through many orders of the ledger, page by page, since it takes longer than one request may. */
final class Pages {

    /** Asks for the page behind an order. */
    interface Page {
        JsonNode after(String account, String order, int reissue) throws IOException, InterruptedException;
    }

    /** How many orders were looked at, and how many lines were printed. */
    record Walked(long looked, int found) {}

    private Pages() {}

    /** Walks through all orders, prints what is found and how many were looked at; how many findings there were. */
    static int ofAll(RunningEngine engine, Page next) throws IOException, InterruptedException {
        long orders = 0;
        for (JsonNode count : engine.attribute("Orders")) {
            orders += count.asLong();
        }
        Walked walked = walk(orders, next);
        System.out.println(Words.count(walked.looked(), "order") + " looked at");
        return walked.found();
    }

    /**
     * Prints what is found.
     *
     * @param most how many orders there are about
     */
    static Walked walk(long most, Page next) throws IOException, InterruptedException {
        int found = 0;
        long looked = 0;
        try (Progress progress = Progress.of("orders", most)) {
            JsonNode page = next.after("", "", -1);
            while (true) {
                looked += page.path("looked").asLong();
                progress.at(looked);
                page.path("findings").forEach(line -> System.out.println(line.asText()));
                found += page.path("findings").size();
                if (page.path("account").asText().isEmpty()) {
                    return new Walked(looked, found);
                }
                page = next.after(
                        page.path("account").asText(),
                        page.path("order").asText(),
                        page.path("reissue").asInt());
            }
        }
    }
}
