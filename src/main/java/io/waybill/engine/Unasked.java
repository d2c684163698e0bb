package io.waybill.engine;

import io.waybill.settings.Settings;
import org.apache.camel.main.Main;

/**
 * The carriers that have no address. Nobody is asked for them, so one thread looks for their orders, and says of each that there
 * is nobody to call; as many as calls may be in flight would only look into an empty queue.
 */
final class Unasked {

    private static final String CARRIERS = "waybill.carrier.";
    private static final String URL = ".url";

    private Unasked() {}

    static void configure(Main main, Settings settings) {
        settings.below(CARRIERS).forEach((name, value) -> {
            if (name.endsWith(URL) && value.isEmpty()) {
                String carrier = name.substring(0, name.length() - URL.length());
                main.addOverrideProperty(CARRIERS + carrier + ".concurrency", "1");
            }
        });
    }
}
