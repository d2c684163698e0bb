package io.waybill.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LabelTest {

    @Test
    void valuesCannotBreakOutOfTheLabel() {
        assertThat(Label.escape("<img src='x' onerror=\"a&b\">"))
                .isEqualTo("&lt;img src=&#39;x&#39; onerror=&quot;a&amp;b&quot;&gt;");
    }

    @Test
    void everySymbolOfTheBarcodeIsElevenModulesWideAndUnlikeTheOthers() {
        Set<String> symbols = new HashSet<>();
        for (int i = 0; i < Barcode.WIDTHS.length(); i += 6) {
            String symbol = Barcode.WIDTHS.substring(i, i + 6);
            assertThat(symbol.chars().map(width -> width - '0').sum()).isEqualTo(11);
            symbols.add(symbol);
        }

        assertThat(symbols).hasSize(106);
    }

    @Test
    void theBarcodeEndsWithTheCheckSymbolAndStop() {
        // start B 104, 'A' 33, 'B' 34: (104 + 33 + 2 * 34) mod 103 = 102
        assertThat(Barcode.symbols("AB")).containsExactly(104, 33, 34, 102, 106);
    }

    @Test
    void theImageIsInline() {
        String uri = Barcode.dataUri("YT0000000000001");

        assertThat(uri).startsWith("data:image/svg+xml;base64,");
        String svg = new String(Base64.getDecoder().decode(uri.substring(26)), StandardCharsets.US_ASCII);
        // start B: bars of 2, 1 and 1 with spaces of 1, 2 and 4
        assertThat(svg)
                .contains("\"M10 0h2v50h-2zm3 0h1v50h-1zm3 0h1v50h-1zm5 0")
                .endsWith("</svg>");
        assertThat(svg).contains("viewBox=\"0 0 220 50\"");
    }
}
