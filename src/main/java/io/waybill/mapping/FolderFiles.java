package io.waybill.mapping;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The files of a carrier folder, each read once, without its cases. */
record FolderFiles(Map<String, byte[]> files) {

    /** Reads them; what cannot be read is not there. */
    static FolderFiles read(Path folder) {
        Map<String, byte[]> files = new TreeMap<>();
        try (Stream<Path> listed = Files.list(folder)) {
            for (Path file : listed.filter(Files::isRegularFile).toList()) {
                String name = file.getFileName().toString();
                if (!name.startsWith(".") && !name.endsWith("~")) {
                    files.put(name, Files.readAllBytes(file));
                }
            }
        } catch (IOException | UncheckedIOException e) {
            // each file that is needed and missing is a finding
        }
        return new FolderFiles(files);
    }

    /** A file, null if there is none. */
    byte[] bytes(String name) {
        return files.get(name);
    }

    /** The short SHA-256 over all of them, and over what an order is: its defaults are sent too. */
    String version(OrderSchema orders) {
        MessageDigest digest = sha256();
        digest.update(orders.version().getBytes(StandardCharsets.UTF_8));
        files.forEach((name, bytes) -> {
            digest.update((name + "\n" + bytes.length + "\n").getBytes(StandardCharsets.UTF_8));
            digest.update(bytes);
        });
        return HexFormat.of().formatHex(digest.digest()).substring(0, 12);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
