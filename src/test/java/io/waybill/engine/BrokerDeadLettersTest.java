package io.waybill.engine;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.apache.activemq.artemis.api.core.QueueConfiguration;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real broker with a queue for each way in which one may be set up. */
class BrokerDeadLettersTest {

    private static final String URL = "vm://careless";

    @TempDir
    static Path folder;

    private static EmbeddedActiveMQ broker;

    @BeforeAll
    static void start() throws Exception {
        ConfigurationImpl configuration = new ConfigurationImpl();
        configuration.setBrokerInstance(folder.toFile());
        configuration
                .setSecurityEnabled(false)
                .setPersistenceEnabled(false)
                .addAcceptorConfiguration("vm", URL)
                .addAddressSetting("none", new AddressSettings())
                .addAddressSetting("nowhere", dead("away"))
                .addAddressSetting("kept", dead("graveyard"))
                .addAddressSetting("made", dead("away").setAutoCreateDeadLetterResources(true))
                .addAddressSetting("for-ever", new AddressSettings().setMaxDeliveryAttempts(-1))
                .addQueueConfiguration(QueueConfiguration.of("graveyard").setRoutingType(RoutingType.ANYCAST));
        broker = new EmbeddedActiveMQ().setConfiguration(configuration).start();
    }

    @AfterAll
    static void stop() throws Exception {
        broker.stop();
    }

    @Test
    void brokerThatWouldDropAnOrderIsRefused() {
        assertThatThrownBy(() -> check(URL, "none"))
                .hasMessage("broker: a message of queue 'none' that was given out too often would be lost, since no"
                        + " dead-letter-address is set for it; set one in the broker, or"
                        + " waybill.broker.check-dead-letters = false");
        assertThatThrownBy(() -> check(URL, "nowhere"))
                .hasMessageContaining("its dead-letter-address 'away' has no queue");
    }

    @Test
    void brokerThatKeepsEveryOrderIsTaken() {
        for (String queue : new String[] {"kept", "made", "for-ever"}) {
            assertThatCode(() -> check(URL, queue)).doesNotThrowAnyException();
        }
    }

    @Test
    void brokerThatIsAwayKeepsNobodyFromStarting() {
        assertThatCode(() -> check("tcp://127.0.0.1:1?reconnectAttempts=0&initialConnectAttempts=1", "orders"))
                .doesNotThrowAnyException();
    }

    private static AddressSettings dead(String address) {
        return new AddressSettings().setDeadLetterAddress(SimpleString.of(address));
    }

    private static void check(String url, String queue) {
        BrokerDeadLetters.check(new ActiveMQConnectionFactory(url), queue);
    }
}
