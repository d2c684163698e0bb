package io.waybill.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;

/** How the loop comes from an order to the carrier's confirmed answer. */
interface BookingClient {

    /** Books an order and returns the confirmed answer. */
    JsonNode book(ObjectNode order) throws IOException;
}
