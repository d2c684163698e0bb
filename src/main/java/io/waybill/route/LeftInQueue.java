package io.waybill.route;

import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSRuntimeException;
import jakarta.jms.QueueBrowser;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The step {@code look-for-left}: messages in a queue that are too large to be received. They stay there, whole, and
 * that is told once.
 */
final class LeftInQueue {

    private static final Logger LOG = LoggerFactory.getLogger(LeftInQueue.class);

    private final String queue;
    private final long largest;
    private boolean told;

    /**
     * @param queue its name, empty if there is none
     * @param largest the most bytes of a message that is received, as the broker counts them
     */
    LeftInQueue(String queue, long largest) {
        this.queue = queue;
        this.largest = largest;
    }

    /** {@code look-for-left}. */
    synchronized void look(Exchange exchange) throws JMSException {
        if (queue.isEmpty()) {
            return;
        }
        ConnectionFactory broker =
                exchange.getContext().getRegistry().lookupByNameAndType("broker", ConnectionFactory.class);
        try {
            boolean left = isAnyIn(broker);
            if (left && !told) {
                LOG.error(
                        "queue '{}' has messages that are too large to be received (more than {} bytes, see"
                                + " waybill.queue.message-mb); they stay there: send their orders in smaller ones or as files",
                        queue,
                        largest);
            }
            told = left;
        } catch (JMSRuntimeException e) {
            LOG.debug("queue '{}' cannot be looked at: {}", queue, e.getMessage());
        }
    }

    /** Whether there are any; none of them is received for that. */
    boolean isAnyIn(ConnectionFactory broker) throws JMSException {
        try (JMSContext jms = broker.createContext();
                QueueBrowser large = jms.createBrowser(jms.createQueue(queue), "_AMQ_LARGE_SIZE > " + largest)) {
            return large.getEnumeration().hasMoreElements();
        }
    }
}
