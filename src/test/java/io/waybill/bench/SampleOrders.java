package io.waybill.bench;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Legal orders of about 1.5 KB for KDNiao, all different. */
final class SampleOrders {

    private static final String ORDER =
            """
            {"order_id": "%1$s", "created_at": "2026-01-31T09:30:00+08:00", "carrier": "kdniao", "service": "yto",
             "platform": {"name": "shopee", "order_number": "P-%1$s"}, "sales_reference": "S-%1$s",
             "sender": {"name": "张三", "company": "深圳样品有限公司", "phone": "13800138000", "country_code": "CN",
              "province": "广东省", "city": "深圳市", "district": "南山区", "postal_code": "518000",
              "address_lines": ["科技园南区8号", "B座 1201"]},
             "recipient": {"name": "李四", "phone": "+86 13912345678", "country_code": "CN", "province": "上海市",
              "city": "上海市", "district": "浦东新区", "postal_code": "200120", "address_lines": ["世纪大道 %2$d 号"]},
             "items": [
              {"sku": "TEE-RED-M", "name": "T恤 红色", "quantity": 2, "weight_g": 180,
               "unit_price": {"amount": "59.90", "currency": "CNY"}},
              {"sku": "MUG-%2$d", "name": "马克杯", "quantity": 1, "weight_g": 350,
               "unit_price": {"amount": "29.00", "currency": "CNY"}},
              {"sku": "CAP-BLUE", "name": "帽子 蓝色", "quantity": 3, "weight_g": 90,
               "unit_price": {"amount": "39.50", "currency": "CNY"}}],
             "parcel": {"count": 1, "weight_g": 980, "volume_cm3": 6000},
             "billing": {"payer": "monthly_account", "cost_center": "EC-7", "reference": "R-%2$d"},
             "remarks": ["请轻放"], "metadata": {"channel": "bench", "number": %2$d}}
            """;

    private SampleOrders() {}

    static String text(String prefix, int number) {
        return ORDER.formatted(prefix + "-" + number, number);
    }

    /** As large as it may well be: 500 goods with names of 255 characters, about 180,000 characters in all. */
    static String largeText(String prefix, int number) {
        String text = text(prefix, number);
        String goods = IntStream.range(0, 500)
                .mapToObj(i -> "{\"sku\": \"LARGE-" + i + "\", \"name\": \"" + "n".repeat(255)
                        + "\", \"quantity\": 1, \"weight_g\": 100, \"hs_code\": \"6109100010\"}")
                .collect(Collectors.joining(",\n"));
        int from = text.indexOf("\"items\": [") + "\"items\": [".length();
        return text.substring(0, from) + goods + text.substring(text.indexOf("],", from));
    }

    /** One file an order. */
    static void files(Path folder, String prefix, int from, int count) throws IOException {
        Files.createDirectories(folder);
        for (int number = from; number < from + count; number++) {
            Files.writeString(folder.resolve(prefix + "-" + number + ".json"), text(prefix, number));
        }
    }

    /** All orders in one file. */
    static void array(Path file, String prefix, int count) throws IOException {
        array(file, count, number -> text(prefix, number));
    }

    /** The same of orders that are as large as they may well be. */
    static void largeArray(Path file, String prefix, int count) throws IOException {
        array(file, count, number -> largeText(prefix, number));
    }

    /** So many of them as a text. */
    static String largeArray(String prefix, int count) {
        return IntStream.range(0, count)
                .mapToObj(number -> largeText(prefix, number))
                .collect(Collectors.joining(",", "[", "]"));
    }

    private static void array(Path file, int count, IntFunction<String> text) throws IOException {
        Files.createDirectories(file.getParent());
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            for (int number = 0; number < count; number++) {
                out.write(number == 0 ? "[" : ",");
                out.write(text.apply(number));
            }
            out.write("]");
        }
    }
}
