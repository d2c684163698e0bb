package io.waybill.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.testing.Orders;
import io.waybill.testing.RunningWaybill;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is too long is a fault, unless the folder declares the cut; then the cut is told. */
class CutsTest {

    private static final Map<String, String> ACCOUNT = Map.of("ebusiness-id", "1", "api-key", "k");
    private static final Answer ANSWER = new Answer(
            200,
            Map.of(),
            "{\"Success\": true, \"ResultCode\": \"100\", \"Order\": {\"LogisticCode\": \"YT1\"}, \"PrintTemplate\": \"<html/>\"}"
                    .getBytes(StandardCharsets.UTF_8));

    @TempDir
    Path temp;

    @Test
    void aTextThatIsTooLongIsAFault() {
        Carrier kdniao = Carriers.load(Path.of("mappings")).get("kdniao");

        assertThatThrownBy(() -> kdniao.request("book", Known.NOTHING, order(), "C-1", ACCOUNT))
                .isInstanceOfSatisfying(MappingRefused.class, refused -> assertThat(refused.faults())
                        .extracting(fault -> fault.message())
                        .containsExactly(
                                "remarks[0] has 300 characters, at most 255 are allowed (kdniao field 'Remark')"));
    }

    @Test
    void aDeclaredCutIsMadeBetweenCharactersAndStandsInTheWarnings() throws IOException {
        RunningWaybill.copy(Path.of("mappings"), temp);
        Path yaml = temp.resolve("kdniao/carrier.yaml");
        Files.writeString(
                yaml, Files.readString(yaml) + "\ncuts:\n  - {field: Remark, length: 10, reason: it is only a wish}\n");
        Carrier kdniao = Carriers.load(temp).get("kdniao");

        String remark = kdniao.request("book", Known.NOTHING, order(), "C-1", ACCOUNT)
                .json()
                .path("Remark")
                .asText();
        ObjectNode result = kdniao.result("book", Known.NOTHING, order(), ANSWER, ACCOUNT);

        assertThat(remark).isEqualTo("\uD83D\uDCE6".repeat(10));
        assertThat(result.path("warnings").toString())
                .contains("cut for kdniao: 'Remark' from 300 to 10 characters (it is only a wish)");
    }

    private static ObjectNode order() {
        ObjectNode order = Orders.chinese("C-1").put("carrier", "kdniao").put("service", "yto");
        order.putArray("remarks").add("\uD83D\uDCE6".repeat(300));
        return order;
    }
}
