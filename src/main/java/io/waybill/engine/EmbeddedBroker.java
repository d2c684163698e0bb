package io.waybill.engine;

import java.nio.file.Path;
import java.util.List;
import org.apache.activemq.artemis.api.core.QueueConfiguration;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyAcceptor;
import org.apache.activemq.artemis.core.server.JournalType;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;

/**
 * An Artemis broker in this process, for the demo and the tests; a warehouse runs its own.
 *
 * <ol>
 *   <li>It listens on loopback only, on a free port, and asks for no password: who can reach it is on this machine.
 *   <li>Messages live in its folder and survive a restart.
 *   <li>The queues for orders and shipments exist from the start, and so does {@value #DEAD}, where a message goes that was
 *       given back too often or expired; without a queue there, the broker would drop it.
 * </ol>
 */
public final class EmbeddedBroker implements AutoCloseable {

    /** The queue of messages that were given back too often. */
    public static final String DEAD = "waybill.dead";

    private static final int MOST_DELIVERIES = 10;
    private static final long REDELIVERY_DELAY_MS = 1000;

    private final EmbeddedActiveMQ artemis;
    private final String url;

    private EmbeddedBroker(EmbeddedActiveMQ artemis, String url) {
        this.artemis = artemis;
        this.url = url;
    }

    /**
     * Starts a broker.
     *
     * @param folder of its own
     * @param queues that exist from the start
     * @throws IllegalStateException if it does not start
     */
    public static EmbeddedBroker start(Path folder, List<String> queues) {
        return start(folder, 0, queues);
    }

    /** The same on this port, for a broker that was there before; 0 for a free one. */
    public static EmbeddedBroker start(Path folder, int port, List<String> queues) {
        EmbeddedActiveMQ artemis = new EmbeddedActiveMQ();
        try {
            artemis.setConfiguration(configuration(folder, port, queues)).start();
            NettyAcceptor acceptor = (NettyAcceptor)
                    artemis.getActiveMQServer().getRemotingService().getAcceptor("loopback");
            return new EmbeddedBroker(artemis, "tcp://127.0.0.1:" + acceptor.getActualPort());
        } catch (Exception e) {
            throw new IllegalStateException("start broker in '" + folder + "': " + e.getMessage(), e);
        }
    }

    /** What to set {@code waybill.broker.url} to. */
    public String url() {
        return url;
    }

    @Override
    public void close() {
        try {
            artemis.stop();
        } catch (Exception e) {
            throw new IllegalStateException("stop broker: " + e.getMessage(), e);
        }
    }

    private static Configuration configuration(Path folder, int port, List<String> queues) throws Exception {
        ConfigurationImpl configuration = new ConfigurationImpl();
        configuration.setBrokerInstance(folder.toFile());
        configuration
                .setSecurityEnabled(false)
                .setJMXManagementEnabled(false)
                .setJournalType(JournalType.NIO)
                .setJournalDirectory(folder.resolve("journal").toString())
                .setBindingsDirectory(folder.resolve("bindings").toString())
                .setPagingDirectory(folder.resolve("paging").toString())
                .setLargeMessagesDirectory(folder.resolve("large").toString())
                .setMaxDiskUsage(-1)
                .addAcceptorConfiguration("loopback", "tcp://127.0.0.1:" + port + "?protocols=CORE")
                .addAddressSetting("#", limits());
        configuration.addQueueConfiguration(queue(DEAD));
        queues.forEach(name -> configuration.addQueueConfiguration(queue(name)));
        return configuration;
    }

    private static AddressSettings limits() {
        return new AddressSettings()
                .setDeadLetterAddress(SimpleString.of(DEAD))
                .setExpiryAddress(SimpleString.of(DEAD))
                .setMaxDeliveryAttempts(MOST_DELIVERIES)
                .setRedeliveryDelay(REDELIVERY_DELAY_MS);
    }

    private static QueueConfiguration queue(String name) {
        return QueueConfiguration.of(name).setRoutingType(RoutingType.ANYCAST).setDurable(true);
    }
}
