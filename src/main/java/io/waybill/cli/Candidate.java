package io.waybill.cli;

import io.waybill.engine.Shadow;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A home folder as it would be after a deployment: what the candidate brings, and the rest as it is installed.
 *
 * @param home a copy that goes afterwards
 * @param deploy the folder that brings something
 * @param here the installed home
 */
record Candidate(Path home, Path deploy, Path here) {

    private static final List<String> PARTS = List.of("routes", "mappings", "conf");

    static Candidate of(Path deploy, Path here) {
        Path folder = deploy.toAbsolutePath().normalize();
        if (PARTS.stream().noneMatch(part -> Files.isDirectory(folder.resolve(part)))) {
            throw new IllegalArgumentException(
                    "folder '" + deploy + "' brings nothing; expected routes/, mappings/ or conf/ in it");
        }
        try {
            Path home = Files.createTempDirectory("waybill-candidate").toRealPath();
            for (String part : PARTS) {
                Path from = Files.isDirectory(folder.resolve(part)) ? folder.resolve(part) : here.resolve(part);
                if (Files.isDirectory(from)) {
                    copy(from, home.resolve(part));
                }
            }
            return new Candidate(home, folder, here);
        } catch (IOException e) {
            throw new UncheckedIOException("folder '" + deploy + "' cannot be read", e);
        }
    }

    /** A line about the copy as one about the files that people know. */
    String named(String line) {
        String named = line;
        for (String part : PARTS) {
            Path from = Files.isDirectory(deploy.resolve(part)) ? deploy : here;
            named = named.replace(
                    home.resolve(part).toString(), from.resolve(part).toString());
        }
        return named;
    }

    void remove() {
        Shadow.remove(home);
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        }
    }
}
