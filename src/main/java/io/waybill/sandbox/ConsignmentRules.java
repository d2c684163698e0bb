package io.waybill.sandbox;

import io.waybill.sandbox.Carrier.Refusal;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What BirdSystem accepts as a consignment (a:002; lengths B4, B9; services B14).
 *
 * <p>The texts of these refusals are not published; every one names the field.
 */
final class ConsignmentRules {

    private static final Set<String> EU =
            Set.of("AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE".split(" "));
    private static final Set<String> COUNTRIES = Set.of(Locale.getISOCountries());
    private static final Set<String> WITH_PERSONAL_ID = Set.of("NO", "ES", "IT");
    private static final Pattern EORI = Pattern.compile("[A-Z]{2}\\d{12}");
    private static final Map<String, Integer> MAX = limits();
    private static final Map<String, Set<String>> ONE_OF = Map.of(
            "type", Set.of("LOCAL", "DIRECT", "RETURN", "AGENT_DIRECT", "CLIENT_DIRECT"),
            "reason_for_export", Set.of("Sale", "ReturnReplacement", "Gift"),
            "content_type", Set.of("Gift", "Documents", "Other"),
            "is_urgent", Set.of("0", "1"),
            "is_compensation_for_delay", Set.of("0", "1"),
            "return_consignment-return_consignment_action_type",
                    Set.of("CONTAINER", "SELLER", "DISPOSE", "CHECK", "TRANSFER"));

    private final Map<String, String> fields;

    private ConsignmentRules(Map<String, String> fields) {
        this.fields = fields;
    }

    /** Throws the first {@link Refusal}. */
    static void check(Map<String, String> fields) {
        ConsignmentRules rules = new ConsignmentRules(fields);
        rules.checkFields();
        DeliveryService service = rules.service();
        rules.checkLimits(service);
        rules.checkParcelCarrier(service);
    }

    private void checkFields() {
        require("delivery_service_id", "country_iso");
        // required in the table, empty in the vendor's own sample (a:002)
        refuseIf(!fields.containsKey("sales_price"), "Field [sales_price] is required");
        fields.forEach((name, value) -> {
            refuseIf(!MAX.containsKey(name), "Unknown field [" + name + "]");
            refuseIf(value.length() > MAX.get(name), "Field [" + name + "] is longer than " + MAX.get(name));
            Set<String> words = ONE_OF.get(name);
            refuseIf(words != null && !value.isEmpty() && !words.contains(value), "Field [" + name + "] is invalid");
        });
        refuseIf(!COUNTRIES.contains(value("country_iso")), "Field [country_iso] is invalid");
        refuseIf(!value("sales_price").matches("|\\d+(\\.\\d+)?"), "Field [sales_price] is invalid");
    }

    private DeliveryService service() {
        DeliveryService service =
                DeliveryService.find(value("delivery_service_id")).orElse(null);
        boolean fits = service != null
                && service.status().equals("ACTIVE")
                && service.type().equals(type(fields))
                && (service.country() == null || service.country().equals(value("country_iso")));
        refuseIf(!fits, "Delivery service [" + value("delivery_service_id") + "] is not available");
        return service;
    }

    private void checkLimits(DeliveryService service) {
        for (String line : List.of("contact", "address_line1", "address_line2", "address_line3")) {
            refuseIf(
                    value(line).length() > service.maxLine(),
                    "Field [" + line + "] is longer than " + service.maxLine() + " for " + service.name());
        }
        if (service.checked()) {
            refuseIf(!value("post_code").matches(DeliveryService.POST_CODE), "Field [post_code] is invalid");
            refuseIf(!value("telephone").matches(DeliveryService.TELEPHONE), "Field [telephone] is invalid");
        }
        refuseIf(
                value("is_urgent").equals("1") && !service.urgent(),
                "Delivery service [" + service.id() + "] does not allow urgent consignments");
        if (service.customs()) {
            require("sales_price");
        }
        if (service.type().equals("AGENT_DIRECT")) {
            require("contact", "address_line1", "city", "post_code");
        }
    }

    private void checkParcelCarrier(DeliveryService service) {
        boolean export = !value("country_iso").equals("GB");
        if (EU.contains(value("country_iso"))) {
            require("ioss_vat_number");
        }
        if (service.by("YODEL")) {
            require("sales_order_id");
        }
        if (export && service.by("YODEL")) {
            require("omp_name", "omp_vat_number");
        }
        if (export && service.by("ROYAL MAIL")) {
            require("omp_name", "content_type");
            requireEori();
        }
        if (export && service.by("DPD")) {
            checkDpdExport();
        }
    }

    private void checkDpdExport() {
        require("reason_for_export");
        requireEori();
        if (!value("business_name").isEmpty()) {
            require("omp_vat_number", "receiver_eori");
        }
        if (WITH_PERSONAL_ID.contains(value("country_iso"))) {
            require("receiver_pid_number");
        }
    }

    private void requireEori() {
        require("shipper_eori");
        refuseIf(!EORI.matcher(value("shipper_eori")).matches(), "Field [shipper_eori] is invalid");
    }

    /** The order type, {@code LOCAL} if none is given (a:002). */
    static String type(Map<String, String> fields) {
        String type = fields.getOrDefault("type", "");
        return type.isEmpty() ? "LOCAL" : type;
    }

    private void require(String... names) {
        for (String name : names) {
            refuseIf(value(name).isEmpty(), "Field [" + name + "] is required");
        }
    }

    private String value(String name) {
        return fields.getOrDefault(name, "");
    }

    private static void refuseIf(boolean wrong, String message) {
        if (wrong) {
            throw new Refusal(500, message);
        }
    }

    private static Map<String, Integer> limits() {
        Map<String, Integer> max = new HashMap<>();
        limit(max, 2, "country_iso sender_country_iso is_urgent is_compensation_for_delay");
        limit(max, 10, "delivery_service_id post_code sender_post_code");
        limit(max, 20, "type sales_price reason_for_export content_type update_time arrive_time id client_id");
        limit(max, 20, "browser_company_id delivery_package_size_id return_consignment_action-id");
        limit(max, 50, "sales_reference sales_order_id custom_identity_reference omp_name omp_vat_number shipper_eori");
        limit(max, 50, "receiver_eori receiver_pid_number ioss_vat_number city county telephone");
        limit(max, 50, "return_consignment-return_consignment_action_type sender_city sender_county sender_telephone");
        limit(max, 50, "consignment_delivery_agent-net17track_code");
        limit(max, 100, "contact address_line1 address_line2 address_line3");
        limit(max, 100, "sender_contact sender_address_line1 sender_address_line2 sender_address_line3");
        limit(max, 255, "business_name sender_business_name email sender_email special_instruction");
        limit(max, 255, "neighbour_instruction");
        return Map.copyOf(max);
    }

    private static void limit(Map<String, Integer> max, int length, String names) {
        for (String name : names.split(" ")) {
            max.put(name, length);
        }
    }
}
