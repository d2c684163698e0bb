package io.waybill.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.ledger.Claim;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class LabelKeeperTest extends SinkTest {

    private static final String LABEL =
            "{`label_state`: `awaited`, `label`: {`format`: `zpl`, `encoding`: `text`, `content`: `^XA^XZ`}}";

    @Test
    void theLabelLeavesTheResultForTheStore() {
        ObjectNode result = json(LABEL);

        keeper().keep(result);

        assertThat(result.get("label_state").asText()).isEqualTo("stored");
        assertThat(result.at("/label/content").isMissingNode()).isTrue();
        assertThat(Path.of(result.at("/label/path").asText())).hasContent("^XA^XZ");
    }

    @Test
    void theRowAppearsWithTheOrdersEndAndOnce() throws Exception {
        Claim claim = booked("{}", LABEL);
        keeper().store(claim);
        keeper().store(claim);

        assertThat(texts("select sha256 from label")).isEmpty();
        claim.complete();
        assertThat(texts("select format from label")).containsExactly("zpl");
    }

    @Test
    void whereTheDiskRefusesTheContentStaysAndIsStoredLater() throws Exception {
        Path labels = Files.createFile(folder.resolve("labels"));
        ObjectNode result = json(LABEL);

        keeper().keep(result);
        assertThat(result.at("/label/content").asText()).isEqualTo("^XA^XZ");
        assertThat(result.get("label_state").asText()).isEqualTo("awaited");
        Claim claim = booked("{}", result.toString());
        assertThatThrownBy(() -> keeper().store(claim)).isInstanceOf(IOException.class);

        Files.delete(labels);
        keeper().store(claim);
        claim.complete();
        assertThat(texts("select format from label")).containsExactly("zpl");
    }

    @Test
    void whatIsNoLabelIsRefusedForGood() {
        ObjectNode result = json(LABEL.replace("zpl", "pdf"));

        keeper().keep(result);

        assertThat(result.get("label_refused").asText()).isEqualTo("label: the first bytes are not those of pdf");
        Claim claim = booked("{}", result.toString());
        assertThatThrownBy(() -> keeper().store(claim))
                .isInstanceOf(LabelRefused.class)
                .hasMessage("label: the first bytes are not those of pdf");
    }

    @Test
    void aLabelBehindAnAddressIsNotFetched() {
        ObjectNode result = json(LABEL.replace("`text`", "`url`"));

        keeper().keep(result);

        assertThat(result.get("label_refused").asText()).isEqualTo("label: encoding 'url' is none of text, base64");
    }

    private LabelKeeper keeper() {
        return new LabelKeeper(new LabelStore(folder.resolve("labels")), clock);
    }
}
