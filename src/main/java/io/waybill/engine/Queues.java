package io.waybill.engine;

import io.waybill.settings.Settings;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.apache.camel.component.jms.JmsComponent;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import org.springframework.jms.connection.CachingConnectionFactory;

/** The component {@code jms:} on an Artemis broker; it connects only if a route uses it. */
final class Queues {

    private Queues() {}

    /**
     * Where accepted orders are handed over. Of a queue, which others may write to, only such messages are received as can be held:
     * a larger one stays there, and is told of as one in the queue of orders is.
     */
    static String bounded(String dispatch, long largest) {
        if (!dispatch.startsWith("jms:") || dispatch.contains("selector=")) {
            return dispatch;
        }
        String selector = "_AMQ_LARGE_SIZE IS NULL OR _AMQ_LARGE_SIZE <= " + largest;
        return dispatch + (dispatch.contains("?") ? "&" : "?") + "selector="
                + URLEncoder.encode(selector, StandardCharsets.UTF_8).replace("+", "%20");
    }

    static void configure(Main main, Settings settings) {
        ActiveMQConnectionFactory artemis = new ActiveMQConnectionFactory(
                settings.get("waybill.broker.url").isEmpty()
                        ? "tcp://127.0.0.1:61616"
                        : settings.get("waybill.broker.url"),
                settings.get("waybill.broker.user"),
                settings.get("waybill.broker.password"));
        CachingConnectionFactory senders = new CachingConnectionFactory(artemis);
        senders.setSessionCacheSize(64);
        JmsComponent jms = new JmsComponent();
        jms.setConnectionFactory(artemis);
        jms.getConfiguration().setTemplateConnectionFactory(senders);
        // where a route is not transacted: after the work on a message, so that a crash or a stop gives it back
        jms.getConfiguration().setAcknowledgementModeName("CLIENT_ACKNOWLEDGE");
        main.bind("jms", jms);
        if (!settings.get("waybill.broker.url").isEmpty()) {
            main.bind("broker", artemis);
        }
        main.addMainListener(new MainListenerSupport() {
            @Override
            public void afterStop(BaseMainSupport stopped) {
                senders.destroy();
            }
        });
    }
}
