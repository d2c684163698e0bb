package io.waybill.watch;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.ValueAtPercentile;
import io.micrometer.core.instrument.simple.CountingMode;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** How long the calls of this node took within the last minutes; for people, while Prometheus reckons from buckets. */
final class Latencies {

    private static final SimpleConfig BY_MINUTE = new SimpleConfig() {
        @Override
        public String get(String key) {
            return null;
        }

        @Override
        public CountingMode mode() {
            return CountingMode.STEP;
        }
    };

    private final SimpleMeterRegistry lately = new SimpleMeterRegistry(BY_MINUTE, Clock.SYSTEM);
    private final Map<String, Timer> timers = new ConcurrentHashMap<>();

    void took(String carrier, Duration time) {
        timer(carrier).record(time);
    }

    Map<String, Long> quantiles(String carrier) {
        Map<String, Long> quantiles = new LinkedHashMap<>();
        for (ValueAtPercentile value : timer(carrier).takeSnapshot().percentileValues()) {
            if (value.value() > 0) {
                quantiles.put(
                        "p" + Math.round(value.percentile() * 100), Math.round(value.value(TimeUnit.MILLISECONDS)));
            }
        }
        return quantiles;
    }

    long lastMinute(String carrier) {
        return timer(carrier).count();
    }

    private Timer timer(String carrier) {
        return timers.computeIfAbsent(carrier, id -> Timer.builder("calls")
                .tag("carrier", id)
                .publishPercentiles(0.5, 0.95, 0.99)
                .distributionStatisticExpiry(Duration.ofMinutes(5))
                .register(lately));
    }
}
