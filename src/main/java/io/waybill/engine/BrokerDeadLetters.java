package io.waybill.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.waybill.order.Json;
import io.waybill.settings.Settings;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSRuntimeException;
import jakarta.jms.Message;
import jakarta.jms.TemporaryQueue;
import java.util.Optional;
import org.apache.activemq.artemis.api.jms.management.JMSManagementHelper;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the broker does with an order that it gave out too often, as happens when the process dies with it again and again.
 * An Artemis without a dead-letter address, or without a queue there, drops the message: an order would disappear.
 */
final class BrokerDeadLetters {

    private static final Logger LOG = LoggerFactory.getLogger(BrokerDeadLetters.class);
    private static final String MANAGEMENT = "activemq.management";
    private static final int PATIENCE_MS = 5000;

    private final String queue;

    private BrokerDeadLetters(String queue) {
        this.queue = queue;
    }

    /**
     * Asks the broker by its management address. A broker that is away or does not let us ask is only told of in the log.
     *
     * @throws IllegalStateException if it would drop a message
     */
    static void check(Settings settings) {
        String url = settings.get("waybill.broker.url");
        if (url.isEmpty() || !Boolean.parseBoolean(settings.get("waybill.broker.check-dead-letters"))) {
            return;
        }
        check(
                new ActiveMQConnectionFactory(
                        url, settings.get("waybill.broker.user"), settings.get("waybill.broker.password")),
                settings.get("waybill.queue.orders"));
    }

    static void check(ActiveMQConnectionFactory broker, String queue) {
        try (broker;
                JMSContext jms = broker.createContext()) {
            new BrokerDeadLetters(queue).check(jms);
        } catch (JMSException | JMSRuntimeException | JsonProcessingException e) {
            LOG.warn(
                    "the broker did not say what becomes of a message of '{}' that it gave out too often ({}); make sure"
                            + " that it has a dead-letter address with a queue",
                    queue,
                    e.getClass().getSimpleName());
        }
    }

    private void check(JMSContext jms) throws JMSException, JsonProcessingException {
        JsonNode rules = Json.orders().readTree(ask(jms, "getAddressSettingsAsJSON", queue));
        if (rules.path("maxDeliveryAttempts").asInt(10) < 0) {
            return;
        }
        String address = rules.path("deadLetterAddress").asText("");
        if (address.isEmpty()) {
            throw dropped("no dead-letter-address is set for it");
        }
        boolean makes = rules.path("autoCreateDeadLetterResources").asBoolean(false);
        if (!makes && bindings(jms, address).isEmpty()) {
            throw dropped("its dead-letter-address '" + address + "' has no queue");
        }
    }

    private static String bindings(JMSContext jms, String address) throws JMSException {
        try {
            return ask(jms, "listBindingsForAddress", address).strip();
        } catch (Refused e) {
            // an address that is not there
            return "";
        }
    }

    private static String ask(JMSContext jms, String operation, String about) throws JMSException {
        TemporaryQueue answers = jms.createTemporaryQueue();
        Message question = jms.createMessage();
        question.setJMSReplyTo(answers);
        JMSManagementHelper.putOperationInvocation(question, "broker", operation, about);
        jms.createProducer().send(jms.createQueue(MANAGEMENT), question);
        Message answer = Optional.ofNullable(jms.createConsumer(answers).receive(PATIENCE_MS))
                .orElseThrow(() -> new JMSException("no answer"));
        if (!JMSManagementHelper.hasOperationSucceeded(answer)) {
            throw new Refused(operation);
        }
        try {
            return (String) JMSManagementHelper.getResult(answer, String.class);
        } catch (Exception e) {
            throw new Refused(operation);
        }
    }

    private IllegalStateException dropped(String why) {
        return new IllegalStateException("broker: a message of queue '" + queue
                + "' that was given out too often would be lost, since " + why
                + "; set one in the broker, or waybill.broker.check-dead-letters = false");
    }

    /** The broker does not do what it was asked for. */
    private static final class Refused extends JMSException {

        private static final long serialVersionUID = 1;

        Refused(String operation) {
            super(operation);
        }
    }
}
