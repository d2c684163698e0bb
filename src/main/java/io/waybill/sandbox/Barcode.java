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

    private static final String STOP = "2331112";
    private static final int START_B = 104;
    private static final int QUIET = 10;

    private Barcode() {}

    /** The image of a text of printable ASCII. */
    static String dataUri(String text) {
        String widths = widths(text);
        StringBuilder bars = new StringBuilder(1024);
        int x = QUIET;
        for (int i = 0; i < widths.length(); i++) {
            int width = widths.charAt(i) - '0';
            if (i % 2 == 0) {
                bars.append('M')
                        .append(x)
                        .append(" 0h")
                        .append(width)
                        .append("v50h-")
                        .append(width)
                        .append('z');
            }
            x += width;
        }
        String svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + (x + QUIET)
                + " 50\" preserveAspectRatio=\"none\"><path d=\"" + bars + "\"/></svg>";
        return "data:image/svg+xml;base64,"
                + Base64.getEncoder().encodeToString(svg.getBytes(StandardCharsets.US_ASCII));
    }

    /** Start, the characters, the check symbol and stop, as widths of bars and spaces in turn. */
    static String widths(String text) {
        StringBuilder widths = new StringBuilder(symbol(START_B));
        int check = START_B;
        for (int i = 0; i < text.length(); i++) {
            int value = text.charAt(i) - ' ';
            check += (i + 1) * value;
            widths.append(symbol(value));
        }
        return widths.append(symbol(check % 103)).append(STOP).toString();
    }

    private static String symbol(int value) {
        return WIDTHS.substring(value * 6, value * 6 + 6);
    }
}
