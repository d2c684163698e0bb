package io.waybill.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileNameTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "A-1001",
                "../../x",
                "/etc/x",
                "..",
                ".",
                "C:\\x",
                "%2e%2e",
                "a=2Fb",
                "=-x",
                "X=R1",
                "订单1",
                "a b",
                "${jndi}",
                "-rf",
                "~",
                "con",
                "a\u202eb"
            })
    void anIdComesBackFromItsFileNameAndNeverLeavesTheFolder(String id) {
        OrderKey key = new OrderKey("default", id, 0);
        OrderKey reissue = new OrderKey("default", id, 2);

        assertThat(FileName.decode(FileName.encode(id))).isEqualTo(id);
        assertThat(FileName.encode(id)).matches("[A-Za-z0-9_=-]+");
        assertThat(OrderKey.parse(key.text())).isEqualTo(key);
        assertThat(OrderKey.parse(reissue.text())).isEqualTo(reissue);
        assertThat(key.fileName()).isNotEqualTo(reissue.fileName());
    }

    @ParameterizedTest
    @ValueSource(strings = {"😀", "单", "/", "é"})
    void theLongestIdOfAnyScriptFitsIntoAFileNameWithAReason(String character) {
        String id = character.repeat(64);

        String name = FileName.encode(id);

        assertThat(FileName.decode(name)).isEqualTo(id);
        assertThat(".tmp-" + name + "-12345678.reason.json").hasSizeLessThanOrEqualTo(255);
    }

    @Test
    void aNameThatIsTooLongForAFileIsNone() {
        assertThatThrownBy(() -> FileName.decode("=-" + "A".repeat(300))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> OrderKey.parse("default:" + "a".repeat(300)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "A", "e\u0301", "\u00e9"})
    void anIdIsComparedInItsComposedForm(String id) {
        assertThat(new OrderKey("default", id, 0).orderId())
                .isEqualTo(java.text.Normalizer.normalize(id, java.text.Normalizer.Form.NFC));
    }
}
