package io.waybill.sandbox;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** A Code 128 B barcode as an SVG data URI: the one image of a label, readable by a scanner. */
final class Barcode {

    /** The widths of the bars and spaces of the symbols 0 to 105, six digits each (ISO/IEC 15417). */
    static final String WIDTHS = "212222222122222221121223121322131222122213122312132212221213221312231212112232122132"
            + "122231113222123122123221223211221132221231213212223112312131311222321122321221312212322112322211"
            + "212123212321232121111323131123131321112313132113132311211313231113231311112133112331132131113123"
            + "113321133121313121211331231131213113213311213131311123311321331121312113312311332111314111221411"
            + "431111111224111422121124121421141122141221112214112412122114122411142112142211241211221114413111"
            + "241112134111111242121142121241114212124112124211411212421112421211212141214121412121111143111341"
            + "131141114113114311411113411311113141114131311141411131211412211214211232";

    private static final String STOP_WIDTHS = "2331112";
    private static final int STOP = 106;
    private static final int START_B = 104;
    private static final int QUIET = 10;

    private static final int CHECK_MODULO = 103;
    private static final int MODULES = 11;
    private static final int STOP_MODULES = 13;

    /** Each symbol drawn from the point where the one before it ended, and stop as the last. */
    private static final String[] DRAWN = drawn();

    private Barcode() {}

    /** The image of a text of printable ASCII. */
    static String dataUri(String text) {
        int width = 2 * QUIET + (text.length() + 2) * MODULES + STOP_MODULES;
        StringBuilder svg = new StringBuilder(2048)
                .append("<svg xmlns=\"http://www.w3.org/2000/svg\" preserveAspectRatio=\"none\" viewBox=\"0 0 ")
                .append(width)
                .append(" 50\"><path d=\"M10 0");
        for (int symbol : symbols(text)) {
            svg.append(DRAWN[symbol]);
        }
        byte[] bytes = svg.append("\"/></svg>").toString().getBytes(StandardCharsets.ISO_8859_1);
        return "data:image/svg+xml;base64," + Base64.getEncoder().encodeToString(bytes);
    }

    /** Start, the characters, the check symbol and stop. */
    static int[] symbols(String text) {
        int[] symbols = new int[text.length() + 3];
        symbols[0] = START_B;
        int check = START_B;
        for (int i = 1; i <= text.length(); i++) {
            symbols[i] = text.charAt(i - 1) - ' ';
            check += i * symbols[i];
        }
        symbols[text.length() + 1] = check % CHECK_MODULO;
        symbols[text.length() + 2] = STOP;
        return symbols;
    }

    private static String[] drawn() {
        String[] drawn = new String[STOP + 1];
        for (int i = 0; i < STOP; i++) {
            drawn[i] = draw(WIDTHS.substring(i * 6, i * 6 + 6));
        }
        drawn[STOP] = draw(STOP_WIDTHS);
        return drawn;
    }

    /** A bar and a space in turn; after each bar the pen stands where the next one begins. */
    private static String draw(String widths) {
        StringBuilder path = new StringBuilder();
        for (int i = 0; i < widths.length(); i += 2) {
            int bar = widths.charAt(i) - '0';
            int space = i + 1 < widths.length() ? widths.charAt(i + 1) - '0' : 0;
            path.append('h')
                    .append(bar)
                    .append("v50h-")
                    .append(bar)
                    .append("zm")
                    .append(bar + space)
                    .append(" 0");
        }
        return path.toString();
    }
}
