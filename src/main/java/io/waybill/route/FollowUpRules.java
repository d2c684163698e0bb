package io.waybill.route;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.ledger.Claim;
import io.waybill.ledger.FollowUp;
import io.waybill.mapping.Carrier;
import io.waybill.mapping.Carriers;
import io.waybill.mapping.FollowUpRule;
import io.waybill.mapping.Operation;
import io.waybill.settings.Settings;
import java.util.List;
import java.util.Optional;

/** What the carrier of an order declares about follow-ups, and what the settings say of it. */
record FollowUpRules(Carriers carriers, Settings settings) {

    List<FollowUpRule> of(Claim claim) {
        return carriers.get(claim.carrier()).followUps();
    }

    Optional<FollowUpRule> of(Claim claim, String operation) {
        return of(claim).stream()
                .filter(rule -> rule.operation().equals(operation))
                .findFirst();
    }

    /** Whether there is an address to ask at. */
    boolean isSet(Claim claim, FollowUpRule rule) {
        return isSet(carriers, settings, claim.carrier(), rule.operation());
    }

    static boolean isSet(Carriers carriers, Settings settings, String carrier, String operation) {
        Operation declared = carriers.get(carrier).operation(operation);
        String url = declared.url();
        return !declared.isOff()
                && !settings.get("waybill.carrier." + carrier + "." + url, "").isBlank();
    }

    /** What another host does says nothing of the carrier that books. */
    boolean isCarriersOwnHost(Claim claim, FollowUp row) {
        Carrier carrier = carriers.get(claim.carrier());
        return !carrier.operations().contains(row.operation())
                || carrier.operation(row.operation()).url().equals("url");
    }

    /** The order as the conditions of the rules see it. */
    ObjectNode order(Claim claim) {
        return carriers.get(claim.carrier()).withDefaults(MappingComponent.chosen(claim));
    }
}
