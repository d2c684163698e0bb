package io.waybill.engine;

import io.waybill.settings.Settings;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.apache.camel.component.jms.JmsComponent;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import org.springframework.jms.connection.CachingConnectionFactory;

/** The component {@code jms:} on an Artemis broker; it connects only if a route uses it. */
final class Queues {

    private Queues() {}

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
