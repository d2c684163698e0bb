package io.waybill.mapping;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URLDecoder;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecipeTest {

    @Test
    void aFormIsWrittenAsTheLibraryOfJavaWritesIt() {
        StringBuilder all = new StringBuilder("订单 \uD83D\uDCE6");
        for (char c = 0; c < 512; c++) {
            all.append(c);
        }
        String encoded = java.net.URLEncoder.encode(all.toString(), java.nio.charset.StandardCharsets.UTF_8);

        FormText form = new FormText().add("first", "1").add("all", all.toString());

        assertThat(form.toString()).isEqualTo("first=1&all=" + encoded);
        assertThat(form.bytes()).asString().isEqualTo("first=1&all=" + encoded);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"OrderCode\":\"SO-1001\",\"ShipperCode\":\"YTO\",\"LogisticCode\":\"YT0000000000001\"}"
                        + " | NmE3Njg3MTE2NWQ5MmQ4MWVmNmQ0NDdkODU1NDU1Mjc=",
                "{\"OrderCode\":\"订单1\"} | MThkOTc3ZmNiMDU5MTViY2NiYWNiNDg5YTAzNDhiMmM="
            })
    void kdniaoSignsTheHexTextOfTheDigest(String data, String sign) {
        assertThat(Recipe.sign(data, "demo-api-key")).isEqualTo(sign);
    }

    @Test
    void kdniaoSendsExactlyTheTextThatItSignedAndEncodesItOnce() throws IOException {
        ObjectNode order = Cases.order("kdniao", "a-parcel-within-china");

        Request request = Cases.request("kdniao", order, Cases.account("kdniao"));

        Map<String, String> form = form(request);
        assertThat(form.keySet()).containsExactly("RequestData", "EBusinessID", "RequestType", "DataType", "DataSign");
        assertThat(form)
                .containsEntry("EBusinessID", "1000001")
                .containsEntry("RequestType", "1007")
                .containsEntry("DataType", "2")
                .containsEntry("DataSign", Recipe.sign(form.get("RequestData"), "demo-api-key"));
        assertThat(Cases.JSON.readTree(form.get("RequestData"))).isEqualTo(Cases.again(request.json()));
        assertThat(new String(request.body(), UTF_8)).endsWith("%3D").doesNotContain("%253D");
        assertThat(request.contentType()).isEqualTo("application/x-www-form-urlencoded; charset=utf-8");
    }

    @Test
    void birdsystemGetsAFormAndItsKeysAsHeaders() {
        ObjectNode order = Cases.order("birdsystem", "a-sale-to-germany-with-ioss-number");

        Request request = Cases.request("birdsystem", order, Cases.account("birdsystem"));

        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.path()).isEqualTo("/Consignment");
        assertThat(request.headers())
                .containsExactlyInAnyOrderEntriesOf(Map.of("api_key", "demo-key", "company_id", "2"));
        assertThat(form(request))
                .containsEntry("contact", "Jörg Weiß")
                .hasSize(request.json().size());
    }

    @Test
    void mabangGetsJsonAndABearerToken() throws IOException {
        ObjectNode order = Cases.order("mabang", "a-tiktok-order-with-its-own-waybill");

        Request request = Cases.request("mabang", order, Cases.account("mabang"));

        assertThat(request.headers()).isEqualTo(Map.of("Authorization", "Bearer demo-token"));
        assertThat(request.contentType()).isEqualTo("application/json; charset=utf-8");
        assertThat(Cases.JSON.readTree(request.body())).isEqualTo(Cases.again(request.json()));
        assertThat(new String(request.body(), UTF_8)).contains("\"unit_price\":10.50");
    }

    @Test
    void aRequestDoesNotPrintItsSecrets() {
        for (String carrier : Cases.CARRIERS.ids()) {
            ObjectNode order = Cases.order(Cases.of(carrier).get(0));

            String text = Cases.request(carrier, order, Cases.account(carrier)).toString();

            assertThat(text).startsWith("POST /").doesNotContain("demo", "Ann", "李安");
        }
    }

    private static Map<String, String> form(Request request) {
        Map<String, String> form = new LinkedHashMap<>();
        for (String pair : new String(request.body(), UTF_8).split("&")) {
            int at = pair.indexOf('=');
            form.put(pair.substring(0, at), URLDecoder.decode(pair.substring(at + 1), UTF_8));
        }
        return form;
    }
}
