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

    /** These and the mappings that are there to be imported: those of no operation and no push. */
    String[] withShared(String... names) {
        Stream<String> shared = files.keySet().stream().filter(name -> name.matches("[^.]+\\.jslt"));
        return Stream.concat(Stream.of(names), shared).toArray(String[]::new);
    }

    /** The short SHA-256 over all of them. */
    String version() {
        return version("", files.keySet().toArray(new String[0]));
    }

    /** The short SHA-256 over some of them, and over what else made the request. */
    String version(String beside, String... names) {
        MessageDigest digest = sha256();
        digest.update(beside.getBytes(StandardCharsets.UTF_8));
        for (String name : names) {
            byte[] bytes = files.getOrDefault(name, new byte[0]);
            digest.update((name + "\n" + bytes.length + "\n").getBytes(StandardCharsets.UTF_8));
            digest.update(bytes);
        }
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
