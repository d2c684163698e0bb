package io.waybill.jmh;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/** One order, the account that ships it, and what KDNiao answers: a label of about 5 kB is in it. */
final class Sample {

    static final Map<String, String> ACCOUNT = Map.of(
            "ebusiness-id", "1000001",
            "api-key", "demo-api-key",
            "customer-name", "K001",
            "customer-pwd", "demo-pwd",
            "month-code", "M001");

    static final byte[] ORDER =
            """
            {"order_id": "SO-1001", "carrier": "kdniao", "service": "yto", "sales_reference": "S-77",
             "sender": {"name": "仓库", "company": "商店", "phone": "+86 13000000001", "country_code": "CN", "province": "浙江省",
               "city": "杭州市", "district": "西湖区", "postal_code": "310000", "address_lines": ["文一路1号"]},
             "recipient": {"name": "李安", "phone": "13000000002", "country_code": "CN", "province": "北京", "city": "北京市",
               "district": "朝阳区", "postal_code": "100000", "address_lines": ["三里屯1号", "二单元"]},
             "items": [
               {"sku": "ALB-908", "name": "鞋子", "quantity": 1, "weight_g": 1200, "unit_price": {"amount": "99.90", "currency": "CNY"}},
               {"sku": "TEA-1", "name": "茶叶", "quantity": 2, "weight_g": 250, "unit_price": {"amount": "35.00", "currency": "CNY"}}],
             "parcel": {"count": 1, "weight_g": 1700, "volume_cm3": 2500}, "remarks": ["小心轻放"]}
            """
                    .getBytes(StandardCharsets.UTF_8);

    static final byte[] ANSWER =
            """
            {"EBusinessID": "1000001", "Success": true, "ResultCode": "100", "Reason": "成功", "UniquerRequestNumber": "0d0c",
             "Order": {"OrderCode": "SO-1001", "ShipperCode": "YTO", "LogisticCode": "YT0000000000001",
               "KDNOrderCode": "KDN2411081000000001", "MarkDestination": "100-21-04", "SortingCode": "A1", "PackageName": "京-朝阳"},
             "PrintTemplate": "<html>LABEL</html>"}
            """
                    .replace("LABEL", "<td class='line'>0123456789</td>".repeat(155))
                    .getBytes(StandardCharsets.UTF_8);

    private Sample() {}
}
