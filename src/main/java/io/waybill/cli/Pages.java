package io.waybill.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;

/** A walk through the whole ledger, page by page, since it takes longer than one request may. */
final class Pages {

    /** Asks for the page behind an order. */
    interface Page {
        JsonNode after(String account, String order, int reissue) throws IOException, InterruptedException;
    }

    private Pages() {}

    /**
     * Prints what is found, and how many orders were looked at.
     *
     * @return how many findings there were
     */
    static int walk(RunningEngine engine, Page next) throws IOException, InterruptedException {
        int found = 0;
        long looked = 0;
        long orders = 0;
        for (JsonNode count : engine.attribute("Orders")) {
            orders += count.asLong();
        }
        try (Progress progress = Progress.of("orders", orders)) {
            JsonNode page = next.after("", "", -1);
            while (true) {
                looked += page.path("looked").asLong();
                progress.at(looked);
                page.path("findings").forEach(line -> System.out.println(line.asText()));
                found += page.path("findings").size();
                if (page.path("account").asText().isEmpty()) {
                    break;
                }
                page = next.after(
                        page.path("account").asText(),
                        page.path("order").asText(),
                        page.path("reissue").asInt());
            }
        }
        System.out.println(looked + " orders looked at");
        return found;
    }
}
