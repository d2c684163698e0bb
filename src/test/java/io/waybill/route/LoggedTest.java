package io.waybill.route;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LoggedTest {

    @Test
    void whatComesFromOutsideIsOneBoundedLineOfVisibleCharacters() {
        assertThat(Logged.text("a\r\nlevel=ERROR\u001b[31m\u0085\u2028\u2029\u202e\u200b\u0000b"))
                .isEqualTo("a??level=ERROR?[31m??????b");
        assertThat(Logged.text("订单 1\ud83d\udce6")).isEqualTo("订单 1\ud83d\udce6");
        assertThat(Logged.text("x".repeat(200))).hasSize(200);
        assertThat(Logged.text("x".repeat(201))).isEqualTo("x".repeat(200) + "...");
    }
}
