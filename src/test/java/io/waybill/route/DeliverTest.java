package io.waybill.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.waybill.testing.Orders;
import io.waybill.testing.RunningWaybill;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeliverTest {

    @TempDir
    Path temp;

    @Test
    void oneAnswerThatTwoNodesGiveAtOnceIsWholeAndNeitherFails() throws IOException {
        try (RunningWaybill one = node("one");
                RunningWaybill two = node("two");
                ProducerTemplate outOfOne =
                        one.engine().main().getCamelContext().createProducerTemplate();
                ProducerTemplate outOfTwo =
                        two.engine().main().getCamelContext().createProducerTemplate()) {
            JsonNode shipment = Orders.malaysian("A-1");
            ExecutorService threads = Executors.newFixedThreadPool(4);

            List<Exception> failures = IntStream.range(0, 400)
                    .mapToObj(i -> CompletableFuture.supplyAsync(
                            () -> deliver(i % 2 == 0 ? outOfOne : outOfTwo, shipment), threads))
                    .toList()
                    .stream()
                    .map(given -> given.join().getException())
                    .filter(Objects::nonNull)
                    .toList();
            threads.shutdown();

            Path outbox = temp.resolve("outbox");
            assertThat(failures).isEmpty();
            assertThat(RunningWaybill.files(outbox)).containsExactly(outbox.resolve("default/A-1.json"));
            assertThat(RunningWaybill.json(outbox.resolve("default/A-1.json"))).isEqualTo(shipment);
        }
    }

    private RunningWaybill node(String name) {
        return RunningWaybill.on(temp.resolve(name))
                .with("waybill.outbox", temp.resolve("outbox").toString())
                .with("camel.main.name", name)
                .start();
    }

    private static Exchange deliver(ProducerTemplate out, JsonNode shipment) {
        return out.send("direct:deliver", exchange -> {
            exchange.setVariable("account", "default");
            exchange.setVariable("fileName", "A-1");
            exchange.getMessage().setBody(shipment);
        });
    }
}
