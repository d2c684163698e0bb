package io.waybill.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.sandbox.Ledger.Entry;
import java.time.Instant;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * KDNiao's PrintTemplate: an HTML document of a 100 x 180 mm label with its images inline (K13), made again from the booking
 * each time, so that a replay returns the same one and no label is kept.
 */
record Label(Entry entry, JsonNode details) {

    private static final String STYLE =
            """
            @page{size:100mm 180mm;margin:0}*{box-sizing:border-box;margin:0;padding:0}
            body{font-family:"Noto Sans CJK SC","PingFang SC","Microsoft YaHei",Arial,sans-serif;color:#000;background:#fff}
            .label{width:100mm;height:180mm;border:.4mm solid #000;display:flex;flex-direction:column;overflow:hidden}
            .row{border-bottom:.3mm solid #000;padding:2mm 3mm}
            .head{display:flex;justify-content:space-between;align-items:baseline;background:#000;color:#fff}
            .head b{font-size:9mm;letter-spacing:.6mm}.head span{font-size:3.2mm}
            .mark{font-size:13mm;font-weight:800;text-align:center;letter-spacing:1mm;line-height:1.1}
            .sorting{display:flex;justify-content:space-between;font-size:5mm;font-weight:700}
            .code{text-align:center}.code img{width:86mm;height:19mm;display:block;margin:0 auto 1mm}
            .code p{font:600 4.4mm/1 "DejaVu Sans Mono",Consolas,monospace;letter-spacing:.7mm}
            .party{display:grid;grid-template-columns:9mm 1fr;gap:2mm;align-items:start}
            .party i{font-style:normal;font-weight:800;font-size:5mm;width:8mm;height:8mm;border-radius:50%;
            border:.5mm solid #000;display:flex;align-items:center;justify-content:center}
            .party b{font-size:4.4mm}.party p{font-size:3.7mm;line-height:1.35}.to b{font-size:5.4mm}.to p{font-size:4.4mm}
            .stub{display:flex;justify-content:space-between;align-items:center;border-top:.3mm dashed #000}
            .stub img{width:50mm;height:11mm}.stub p{font-size:3.2mm;line-height:1.5}
            .goods{flex:1;font-size:3.6mm;line-height:1.5}.foot{display:flex;justify-content:space-between;font-size:3mm;
            border:0;color:#333}.foot strong{color:#000}
            """;

    /** The document around its values, which stand where the bars are, in the order of {@link #html}. */
    private static final String[] PAGE =
            """
            <!DOCTYPE html>
            <html lang="zh-CN">
            <head><meta charset="utf-8"><title>|</title><style>
            %s</style></head>
            <body>
            <div class="label">
            <div class="row head"><b>|</b><span>标准快递 &middot; |</span></div>
            <div class="row mark">|</div>
            <div class="row sorting"><span>|</span><span>|</span></div>
            <div class="row code"><img alt="" src="|"><p>|</p></div>
            <div class="row party to"><i>收</i><div>|</div></div>
            <div class="row party"><i>寄</i><div>|</div></div>
            <div class="row goods">|</div>
            <div class="row stub"><p>|<br>|</p><img alt="" src="|"></div>
            <div class="row foot"><span>订单号 <strong>|</strong></span><span>|</span><strong>SANDBOX</strong></div>
            </div>
            </body>
            </html>
            """
                    .replace("%s", STYLE)
                    .split("\\|");

    static Label of(Entry entry) {
        return new Label(entry, entry.detail());
    }

    /** What the ledger keeps of a 1007 request: what its label and its answer show. */
    static ObjectNode details(JsonNode request) {
        JsonNode receiver = request.get("Receiver");
        String province = receiver.get("ProvinceName").asText();
        int area = Math.floorMod((province + receiver.get("CityName").asText()).hashCode(), 900);
        int point = Math.floorMod(receiver.get("ExpAreaName").asText().hashCode(), 100);
        ObjectNode details = JsonNodeFactory.instance.objectNode();
        details.put("shipper", request.get("ShipperCode").textValue());
        details.put("quantity", request.get("Quantity").asInt());
        details.put("mark", "%d-%02d-%02d".formatted(100 + area, point, (area + point) % 50));
        details.put("sorting", "%03d %02d".formatted(area, point));
        details.put(
                "package", province.charAt(0) + "-" + receiver.get("CityName").asText());
        details.set("sender", party(request.get("Sender")));
        details.set("receiver", party(receiver));
        details.put("goods", goods(request));
        return details;
    }

    int parcels() {
        return details.get("quantity").intValue();
    }

    /** The waybill number of a child parcel, counted from 1 (K4). */
    static String child(String waybill, int number) {
        return "%s%03d".formatted(waybill, number);
    }

    /** The document of the mother parcel (0) or of a child. */
    String html(int number) {
        String waybill = number == 0 ? entry.tracking() : child(entry.tracking(), number);
        return filled(
                escape(waybill),
                text("shipper"),
                number + 1 + "/" + parcels(),
                text("mark"),
                text("sorting"),
                text("package"),
                Barcode.dataUri(waybill),
                escape(waybill),
                shown(details.get("receiver")),
                shown(details.get("sender")),
                text("goods"),
                escape(waybill),
                escape(entry.orderId()),
                Barcode.dataUri(entry.orderId()),
                escape(entry.reference()),
                Instant.ofEpochMilli(entry.at()).toString());
    }

    private static String filled(String... values) {
        StringBuilder page = new StringBuilder(8192).append(PAGE[0]);
        for (int i = 0; i < values.length; i++) {
            page.append(values[i]).append(PAGE[i + 1]);
        }
        return page.toString();
    }

    private String text(String name) {
        return escape(details.get(name).textValue());
    }

    private static ObjectNode party(JsonNode party) {
        String phone = Stream.of("Mobile", "Tel")
                .map(name -> party.path(name).asText(""))
                .filter(number -> !number.isBlank())
                .findFirst()
                .orElse("");
        String address = Stream.of("ProvinceName", "CityName", "ExpAreaName", "Address")
                .map(name -> party.get(name).asText())
                .collect(Collectors.joining());
        return JsonNodeFactory.instance
                .objectNode()
                .put("name", party.get("Name").asText())
                .put("phone", phone)
                .put("address", address);
    }

    private static String goods(JsonNode request) {
        StringBuilder goods = new StringBuilder();
        for (JsonNode each : request.get("Commodity")) {
            goods.append(goods.isEmpty() ? "" : "; ")
                    .append(each.get("GoodsName").asText());
            goods.append(" x").append(each.path("Goodsquantity").asText("1"));
        }
        String remark = request.path("Remark").asText("");
        String all = remark.isEmpty() ? goods.toString() : goods + " | " + remark;
        return all.length() > 300 ? all.substring(0, 300) : all;
    }

    private static String shown(JsonNode party) {
        return "<b>" + escape(party.get("name").textValue()) + " "
                + escape(party.get("phone").textValue()) + "</b><p>"
                + escape(party.get("address").textValue()) + "</p>";
    }

    static String escape(String text) {
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            switch (text.charAt(i)) {
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '&' -> escaped.append("&amp;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.append(text.charAt(i));
            }
        }
        return escaped.toString();
    }
}
