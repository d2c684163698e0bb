package io.waybill.sandbox;

import io.waybill.sandbox.Ledger.Entry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** The label that the simulated BirdSystem returns: a PDF of one page in base64 (c: the vendor's form is not published). */
final class PdfLabel {

    private PdfLabel() {}

    static String of(Entry entry) {
        String text = "BT /F1 18 Tf 20 380 Td (BIRD AGENT) Tj 0 -40 Td (" + plain(entry.orderId()) + ") Tj 0 -30 Td ("
                + plain(String.valueOf(entry.reference())) + ") Tj ET";
        List<String> objects = List.of(
                "<</Type/Catalog/Pages 2 0 R>>",
                "<</Type/Pages/Kids[3 0 R]/Count 1>>",
                "<</Type/Page/Parent 2 0 R/MediaBox[0 0 283 425]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
                "<</Length " + text.length() + ">>stream\n" + text + "\nendstream",
                "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>");
        return Base64.getEncoder().encodeToString(document(objects).getBytes(StandardCharsets.US_ASCII));
    }

    private static String document(List<String> objects) {
        StringBuilder pdf = new StringBuilder("%PDF-1.4\n");
        List<Integer> places = new ArrayList<>();
        for (int i = 0; i < objects.size(); i++) {
            places.add(pdf.length());
            pdf.append(i + 1).append(" 0 obj").append(objects.get(i)).append("endobj\n");
        }
        int table = pdf.length();
        pdf.append("xref\n0 ").append(objects.size() + 1).append("\n0000000000 65535 f \n");
        places.forEach(place -> pdf.append("%010d 00000 n \n".formatted(place)));
        return pdf.append("trailer<</Size ")
                .append(objects.size() + 1)
                .append("/Root 1 0 R>>\nstartxref\n")
                .append(table)
                .append("\n%%EOF\n")
                .toString();
    }

    private static String plain(String text) {
        return text.replaceAll("[^A-Za-z0-9 ._/-]", "?");
    }
}
