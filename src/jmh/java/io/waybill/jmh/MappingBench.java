package io.waybill.jmh;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.mapping.Answer;
import io.waybill.mapping.Carrier;
import io.waybill.mapping.Carriers;
import io.waybill.mapping.Request;
import io.waybill.order.Json;
import io.waybill.order.OrderKey;
import io.waybill.order.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.Blackhole;

/**
 * One order: read, mapped, checked against the request schema, signed and encoded; its answer judged and mapped. By the folder
 * of KDNiao, and by hand.
 *
 * <ol>
 *   <li>Both give the very same bytes and the same result, which is looked at before anything is measured.
 *   <li>The warm-up is a number of orders and not a time, so that a busy machine compiles as much as an idle one.
 *   <li>Each order is timed by itself.
 * </ol>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class MappingBench {

    private static final int WARM_UP = 60_000;

    private Carrier carrier;

    @Setup
    public void setup(BenchmarkParams measured, Blackhole hole) throws IOException {
        compare();
        for (int i = 0; i < WARM_UP; i++) {
            if (measured.getBenchmark().endsWith("declared")) {
                declared(hole);
            } else {
                byHand(hole);
            }
        }
    }

    void compare() throws IOException {
        carrier = Carriers.load(Path.of("mappings")).get("kdniao");
        ObjectNode order = order();
        byte[] declared = request(order).body();
        byte[] byHand = new ByHand().request(Sample.ORDER, Sample.ACCOUNT);
        String result = ByHand.text(carrier.result("book", order, answer(), Sample.ACCOUNT));
        if (!Arrays.equals(declared, byHand)) {
            throw new IllegalStateException("two requests: " + new String(declared) + "\n" + new String(byHand));
        }
        if (!result.equals(ByHand.text(new ByHand().result(Sample.ANSWER)))) {
            throw new IllegalStateException("two results: " + result);
        }
    }

    @Benchmark
    public void declared(Blackhole hole) throws IOException {
        ObjectNode order = order();
        hole.consume(request(order));
        Answer answer = answer();
        if (!(carrier.outcome("book", answer) instanceof Outcome.Confirmed)) {
            throw new IllegalStateException("not confirmed");
        }
        hole.consume(carrier.result("book", order, answer, Sample.ACCOUNT));
    }

    @Benchmark
    public void byHand(Blackhole hole) throws IOException {
        ByHand byHand = new ByHand();
        hole.consume(byHand.request(Sample.ORDER, Sample.ACCOUNT));
        hole.consume(byHand.result(Sample.ANSWER));
    }

    /** As an order is taken in: read, and its defaults written out. */
    private ObjectNode order() throws IOException {
        return carrier.withDefaults((ObjectNode) Json.orders().readTree(Sample.ORDER));
    }

    private Request request(ObjectNode order) {
        String reference = carrier.reference(new OrderKey("default", order.path("order_id").asText(), 0));
        return carrier.request("book", order, reference, Sample.ACCOUNT);
    }

    private static Answer answer() {
        return new Answer(200, Map.of("Content-Type", "application/json"), Sample.ANSWER);
    }
}
