package io.waybill.sink;

import com.fasterxml.jackson.databind.JsonNode;
import io.waybill.ledger.Claim;
import io.waybill.ledger.Sql;
import java.time.Instant;
import java.time.ZoneOffset;

/** The row of a stored label; writing it again changes nothing. */
final class LabelRow {

    private LabelRow() {}

    static Sql of(Claim claim, Instant at) {
        JsonNode label = claim.result().get("label");
        return Sql.of(
                "insert into label (account, order_id, reissue, number, path, format, bytes, sha256, source, stored_at)"
                        + " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing",
                claim.key().account(),
                claim.key().orderId(),
                claim.key().reissue(),
                claim.result().path(LaterShipment.LABEL_NUMBER).asInt(),
                label.path("path").asText(),
                label.path("format").asText(),
                label.path("bytes").asLong(),
                label.path("sha256").asText(),
                label.path("source").asText(),
                at.atOffset(ZoneOffset.UTC));
    }
}
