package io.waybill.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.waybill.testing.Orders;
import io.waybill.testing.RunningWaybill;
import java.nio.file.Path;
import java.util.List;
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
    void oneAnswerThatIsGivenByManyAtOnceIsWholeAndNobodyFails() {
        try (RunningWaybill waybill = RunningWaybill.on(temp.resolve("work")).start();
                ProducerTemplate out = waybill.engine().main().getCamelContext().createProducerTemplate()) {
            JsonNode shipment = Orders.malaysian("A-1");
            ExecutorService threads = Executors.newFixedThreadPool(4);

            List<Exception> failures = IntStream.range(0, 200)
                    .mapToObj(i -> CompletableFuture.supplyAsync(() -> deliver(out, shipment), threads))
                    .toList()
                    .stream()
                    .map(CompletableFuture::join)
                    .filter(given -> given.getException() != null)
                    .map(Exchange::getException)
                    .toList();
            threads.shutdown();

            assertThat(failures).isEmpty();
            assertThat(RunningWaybill.files(waybill.outbox())).hasSize(1);
            assertThat(waybill.shipment("default", "A-1")).isEqualTo(shipment);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static Exchange deliver(ProducerTemplate out, JsonNode shipment) {
        return out.send("direct:deliver", exchange -> {
            exchange.setVariable("account", "default");
            exchange.setVariable("fileName", "A-1");
            exchange.getMessage().setBody(shipment);
        });
    }
}
