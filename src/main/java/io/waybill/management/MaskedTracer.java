package io.waybill.management;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.StringWriter;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import javax.management.JMException;
import javax.management.ObjectName;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import org.apache.camel.CamelContext;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.api.management.ManagedAttribute;
import org.apache.camel.api.management.ManagedOperation;
import org.apache.camel.api.management.ManagedResource;
import org.apache.camel.spi.BacklogTracer;
import org.apache.camel.spi.BacklogTracerEventMessage;

/**
 * Camel's tracer as the console sees it: which order passed which step, and when. Addresses and keys pass the routes too, so
 * of headers only the names are shown, of bodies nothing, or with {@code waybill.trace.bodies} their {@link Shape}. It takes
 * the place of Camel's own MBean. It is switched on and off by an operation of ours, which takes a reason.
 */
@ManagedResource(description = "Which message passed which step")
public final class MaskedTracer {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SHAPED = 64 * 1024;
    private static final String HIDDEN = "***";

    private final boolean bodies;
    private BacklogTracer tracer;

    MaskedTracer(boolean bodies) {
        this.bodies = bodies;
    }

    /** How Camel's tracer is set up: it waits to be switched on, and records no more than is shown. */
    Map<String, String> properties() {
        return Map.of(
                "camel.trace.enabled", "false",
                "camel.trace.standby", "true",
                "camel.trace.bodyMaxChars", Integer.toString(bodies ? SHAPED : 1),
                "camel.trace.bodyIncludeStreams", "false",
                "camel.trace.bodyIncludeFiles", "false",
                "camel.trace.includeExchangeProperties", "false",
                "camel.trace.includeExchangeVariables", "false",
                "camel.trace.includeException", "false");
    }

    /** Takes the place of Camel's MBean. */
    void replace(CamelContext context) {
        tracer = context.getCamelContextExtension().getContextPlugin(BacklogTracer.class);
        if (tracer == null) {
            throw new IllegalStateException("open the console: Camel has no tracer; remove camel.trace settings");
        }
        try {
            ObjectName name = new ObjectName(
                    "org.apache.camel:context=" + context.getManagementName() + ",type=tracer,name=BacklogTracer");
            context.getManagementStrategy().getManagementAgent().unregister(name);
            context.getManagementStrategy().getManagementAgent().register(this, name, true);
        } catch (JMException refused) {
            throw RuntimeCamelException.wrapRuntimeCamelException(refused);
        }
    }

    @ManagedAttribute(description = "Whether messages are traced")
    public boolean isEnabled() {
        return tracer.isEnabled();
    }

    /** The steps since the last time that this was asked for. */
    @ManagedOperation(description = "The steps since it was asked for last, without contents")
    public String dumpAllTracedMessagesAsXml() {
        StringWriter text = new StringWriter();
        try {
            XMLStreamWriter xml = XMLOutputFactory.newFactory().createXMLStreamWriter(text);
            xml.writeStartElement(BacklogTracerEventMessage.ROOT_TAG + "s");
            for (BacklogTracerEventMessage event : List.copyOf(tracer.dumpAllTracedMessages())) {
                write(xml, event);
            }
            xml.writeEndElement();
            xml.close();
        } catch (XMLStreamException unwritable) {
            throw new IllegalStateException("show the trace: " + unwritable.getMessage(), unwritable);
        }
        return text.toString();
    }

    private void write(XMLStreamWriter xml, BacklogTracerEventMessage event) throws XMLStreamException {
        JsonNode message = message(event);
        String step = event.getToNode() == null ? event.getRouteId() : event.getToNode();
        xml.writeStartElement(BacklogTracerEventMessage.ROOT_TAG);
        element(xml, "uid", Long.toString(event.getUid()));
        element(xml, "timestamp", Instant.ofEpochMilli(event.getTimestamp()).toString());
        element(xml, "routeId", event.getRouteId());
        element(xml, "toNode", step);
        element(xml, "exchangeId", event.getExchangeId());
        xml.writeStartElement("message");
        xml.writeStartElement("headers");
        for (JsonNode header : message.path("headers")) {
            xml.writeStartElement("header");
            xml.writeAttribute("key", header.path("key").asText());
            xml.writeAttribute("type", header.path("type").asText());
            xml.writeCharacters(HIDDEN);
            xml.writeEndElement();
        }
        xml.writeEndElement();
        xml.writeStartElement("body");
        xml.writeAttribute("type", message.path("body").path("type").asText());
        xml.writeCharacters(
                bodies ? Shape.of(unescaped(message.path("body").path("value").asText())) : HIDDEN);
        xml.writeEndElement();
        xml.writeEndElement();
        xml.writeEndElement();
    }

    private static JsonNode message(BacklogTracerEventMessage event) {
        try {
            return JSON.readTree(event.getMessageAsJSon()).path("message");
        } catch (JsonProcessingException noJson) {
            return JSON.missingNode();
        }
    }

    // Camel escapes a body twice
    private static String unescaped(String body) {
        try {
            return JSON.readValue('"' + body + '"', String.class);
        } catch (JsonProcessingException once) {
            return body;
        }
    }

    private static void element(XMLStreamWriter xml, String name, String text) throws XMLStreamException {
        xml.writeStartElement(name);
        xml.writeCharacters(text == null ? "" : text);
        xml.writeEndElement();
    }
}
