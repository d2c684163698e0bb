package io.waybill.sandbox;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/**
 * One delivery service of the simulated BirdSystem, with the limits that its record publishes (B14).
 *
 * @param country the only destination it serves, null for all
 * @param checked whether post code and telephone are checked
 * @param maxLine the longest contact and address line
 * @param customs whether customs has to be told a value
 * @param hidden whether no consignment ever gets a tracking number
 */
record DeliveryService(
        int id,
        String name,
        String type,
        String status,
        String country,
        boolean urgent,
        boolean checked,
        int maxLine,
        boolean customs,
        boolean hidden) {

    static final String POST_CODE = "^[A-Za-z0-9 -]{3,10}$";
    static final String TELEPHONE = "^.{7,32}$";

    /** 5315 is the service of the vendor's sample (a:002): it takes a Chinese address without city or telephone. */
    static final List<DeliveryService> ALL = List.of(
            new DeliveryService(5315, "BIRD STANDARD", "LOCAL", "ACTIVE", null, true, false, 100),
            new DeliveryService(5316, "DPD NEXT DAY", "LOCAL", "ACTIVE", null, true, true, 35),
            new DeliveryService(5317, "ROYAL MAIL TRACKED 48", "LOCAL", "ACTIVE", null, false, true, 35),
            new DeliveryService(5318, "YODEL 24", "LOCAL", "ACTIVE", null, false, true, 50),
            new DeliveryService(5319, "BIRD ECONOMY UK", "LOCAL", "ACTIVE", "GB", false, false, 100),
            new DeliveryService(5320, "BIRD DIRECT", "DIRECT", "ACTIVE", null, false, false, 100),
            new DeliveryService(5321, "BIRD RETURN", "RETURN", "ACTIVE", null, false, false, 100),
            new DeliveryService(5322, "BIRD AGENT", "AGENT_DIRECT", "ACTIVE", null, false, false, 100),
            new DeliveryService(5323, "BIRD EXPORT", "LOCAL", "ACTIVE", null, false, false, 100, true, false),
            new DeliveryService(5324, "BIRD LETTER", "LOCAL", "ACTIVE", "GB", false, false, 100, false, true),
            new DeliveryService(5300, "HERMES", "LOCAL", "DELETED", "GB", false, false, 100));

    DeliveryService(
            int id,
            String name,
            String type,
            String status,
            String country,
            boolean urgent,
            boolean checked,
            int maxLine) {
        this(id, name, type, status, country, urgent, checked, maxLine, false, false);
    }

    static Optional<DeliveryService> find(String id) {
        return ALL.stream()
                .filter(service -> String.valueOf(service.id).equals(id))
                .findFirst();
    }

    boolean by(String parcelCarrier) {
        return name.startsWith(parcelCarrier);
    }

    ObjectNode record(int company) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("id", id)
                .put("company_id", company)
                .put("name", name)
                .put("locale_name", name)
                .put("consignment_type", type)
                .put("status", status)
                .put("is_signature", "0")
                .put("is_tracking", hidden ? "0" : "1")
                .put("is_express", "0")
                .put("is_customs_required", customs ? "1" : "0")
                .put("is_international", country == null ? "1" : "0")
                .put("is_check_post_code", checked ? "1" : "0")
                .put("is_check_telephone", checked ? "1" : "0")
                .put("is_allow_urgent_consignment", urgent ? "1" : "0")
                .put("is_hide_delivery_reference_to_consignment", hidden ? "1" : "0")
                .putNull("special_type")
                .put("consignment_notice_enable", "0")
                .putNull("consignment_notice")
                .put("restrict_max_length_contact", maxLine)
                .put("restrict_max_length_address_line1", maxLine)
                .put("restrict_max_length_address_line2", maxLine)
                .put("restrict_max_length_address_line3", maxLine)
                .put("restrict_max_length_post_code", 10)
                .put("restrict_regex_post_code", checked ? POST_CODE : null)
                .put("restrict_regex_telephone", checked ? TELEPHONE : null);
    }
}
