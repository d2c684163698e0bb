package io.waybill.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.schibsted.spt.data.jslt.Expression;
import com.schibsted.spt.data.jslt.JsltException;
import com.schibsted.spt.data.jslt.Parser;
import io.waybill.order.Fault;
import java.io.Reader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** Compiles the JSLT of a carrier folder: whole mappings, and the conditions in {@code carrier.yaml}. */
record Expressions(Path folder, FolderFiles files, Declaration facts, Functions functions, List<String> findings) {

    private static final Pattern UNWRITTEN = Pattern.compile("fill-in\\(\\s*\"([^\"]*)\"\\s*\\)");

    /** What stands in {@code carrier.yaml} at this place; null where it does not compile. */
    Expression condition(String pointer, JsonNode text) {
        try {
            return Parser.compileString(text.asText());
        } catch (JsltException e) {
            findings.add(facts.finding(pointer, "JSLT does not compile: " + firstLine(e.getMessageWithoutLocation())));
            return null;
        }
    }

    /** A file of the folder; null where it does not compile. */
    Expression mapping(String name) {
        Path file = folder.resolve(name);
        byte[] bytes = files.bytes(name);
        if (bytes == null) {
            findings.add(file + ":1: is missing or cannot be read");
            return null;
        }
        try {
            return new Parser(text(bytes))
                    .withSource(file.toString())
                    .withResourceResolver(this::shared)
                    .withFunctions(functions.all())
                    .compile();
        } catch (JsltException e) {
            boolean imported = e.getSource() != null && files.bytes(e.getSource()) != null;
            String finding = (imported ? folder.resolve(e.getSource()) : file) + ":" + Math.max(1, e.getLine())
                    + ": JSLT does not compile: " + firstLine(e.getMessageWithoutLocation());
            if (!findings.contains(finding)) {
                findings.add(finding);
            }
            return null;
        }
    }

    /** What a file of the folder leaves to fill in, whether or not an input would come to it. */
    List<Fault> unwritten(String name) {
        byte[] bytes = files.bytes(name);
        String text = bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
        return text.lines()
                .filter(line -> !line.strip().startsWith("//"))
                .flatMap(line -> UNWRITTEN.matcher(line).results())
                .map(call -> Functions.unwritten(call.group(1)))
                .toList();
    }

    /** What a mapping imports lies beside it. */
    private Reader shared(String name) {
        byte[] bytes = files.bytes(name);
        if (bytes == null) {
            throw new JsltException("'" + name + "' is imported, and is missing or cannot be read");
        }
        return text(bytes);
    }

    private static Reader text(byte[] bytes) {
        return new StringReader(new String(bytes, StandardCharsets.UTF_8));
    }

    private static String firstLine(String message) {
        return message.lines().findFirst().orElse("").strip();
    }
}
