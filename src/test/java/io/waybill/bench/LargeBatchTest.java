package io.waybill.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.engine.EmbeddedBroker;
import io.waybill.sandbox.Sandbox;
import io.waybill.sandbox.SandboxOptions;
import jakarta.jms.JMSContext;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LargeBatchTest {

    @TempDir
    private Path work;

    @Test
    void aFileOfManyOrdersIsTakenInByASmallHeap() throws Exception {
        try (Sandbox carriers = Sandbox.start(SandboxOptions.onAnyPort())) {
            String url = carriers.uri().toString();

            LargeBatch batch =
                    LargeBatch.accept(work, url, 6_000, "128m", "20", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

            assertThat(batch.known()).isEqualTo(6_000);
        }
    }

    @Test
    void aFileOfTheLargestOrdersIsShippedByASmallHeap() throws Exception {
        SandboxOptions slow = SandboxOptions.onAnyPort().withDelay(Duration.ofMillis(500));
        try (Sandbox carriers = Sandbox.start(slow)) {
            String url = carriers.uri().toString();

            LargeBatch.ship(
                    work,
                    url,
                    100,
                    "128m",
                    "-XX:TieredStopAtLevel=1",
                    "-XX:+UseSerialGC",
                    "-XX:+ExitOnOutOfMemoryError");

            assertThat(carriers.booked()).hasSize(100);
        }
    }

    @Test
    void theLargestMessagesAtAllConsumersAreTakenInByTheShippedHeap() throws Exception {
        int each = 22;
        SandboxOptions slow = SandboxOptions.onAnyPort().withDelay(Duration.ofMillis(200));
        try (Sandbox carriers = Sandbox.start(slow);
                EmbeddedBroker broker =
                        EmbeddedBroker.start(work.resolve("broker"), List.of("waybill.orders", "waybill.shipments"))) {
            try (ActiveMQConnectionFactory factory = new ActiveMQConnectionFactory(broker.url());
                    JMSContext jms = factory.createContext()) {
                for (String prefix : List.of("A", "B", "C", "D", "E")) {
                    String text = SampleOrders.largeArray(prefix, each);
                    jms.createProducer().send(jms.createQueue("waybill.orders"), text);
                }
            }
            String url = carriers.uri().toString();

            LargeBatch.receive(
                    work,
                    url,
                    broker.url(),
                    5 * each,
                    "256m",
                    "-XX:TieredStopAtLevel=1",
                    "-XX:+UseParallelGC",
                    "-XX:+ExitOnOutOfMemoryError");

            assertThat(carriers.booked()).hasSize(5 * each);
        }
    }
}
