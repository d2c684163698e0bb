package io.waybill.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TariffTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, String> ACCOUNT =
            Map.of("tariff.yto", "4.50 CNY for 1000 g, then 1.20 for each 1000 g");

    @ParameterizedTest
    @CsvSource({"0, 4.50", "1000, 4.50", "1001, 5.70", "2000, 5.70", "2001, 6.90", "300000, 363.30"})
    void eachFurtherWeightThatIsBegunIsCharged(long grams, String price) {
        assertThat(Tariff.parse("4.50 CNY for 1000 g, then 1.20 for each 1000 g")
                        .price(grams))
                .isEqualByComparingTo(price);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"4,50 CNY for 1000 g", "4.50 for 1000 g", "-1 CNY for 1 g", "1 CNY for 1 g, then 1 for each 0 g"
            })
    void aTariffThatIsWrittenOtherwiseIsRefused(String setting) {
        assertThatThrownBy(() -> Tariff.parse(setting))
                .hasMessage("tariff '" + setting
                        + "': expected '<amount> <currency> for <grams> g, then <amount> for each <grams> g'");
    }

    @Test
    void theCarriersOwnChargesStand() throws Exception {
        ObjectNode result = object("{'charges':[{'kind':'freight','amount':'9.00'}]}");

        Tariff.charge(result, object("{}"), "yto", ACCOUNT);

        assertThat(result.path("charges")).hasSize(1);
    }

    @Test
    void anOrderWithoutWeightPaysTheFirstWeightAndIsWarned() throws Exception {
        ObjectNode result = object("{}");

        Tariff.charge(result, object("{'items':[{'sku':'A','quantity':1}]}"), "yto", ACCOUNT);

        assertThat(result.at("/charges/0/amount").asText()).isEqualTo("4.50");
        assertThat(result.at("/warnings/0").asText())
                .isEqualTo("the order names no weight, so the tariff's first weight was charged");
    }

    private static ObjectNode object(String json) throws Exception {
        return (ObjectNode) JSON.readTree(json.replace('\'', '"'));
    }
}
