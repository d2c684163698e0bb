package io.waybill.crash;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** An installation as the archive lays it out ({@code bin lib routes mappings}), made of what was just compiled. */
final class Home {

    private Home() {}

    static Path install(Path home) throws IOException {
        Files.createDirectories(home.resolve("lib"));
        Files.createDirectories(home.resolve("bin"));
        Path script = home.resolve("bin/waybill");
        Files.copy(Path.of("src/main/dist/bin/waybill"), script, StandardCopyOption.REPLACE_EXISTING);
        script.toFile().setExecutable(true);
        for (String folder : List.of("routes", "mappings")) {
            copy(Path.of(folder), home.resolve(folder));
        }
        String path = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        for (String entry : path.split(File.pathSeparator)) {
            Path each = Path.of(entry).toAbsolutePath();
            if (entry.endsWith(".jar")) {
                Files.createSymbolicLink(home.resolve("lib").resolve(each.getFileName()), each);
            } else if (Files.exists(each.resolve("application.properties"))) {
                pack(each, home.resolve("lib/waybill.jar"));
            }
        }
        return home;
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path each : all.toList()) {
                Files.copy(each, to.resolve(from.relativize(each).toString()));
            }
        }
    }

    /** With an entry for each folder, since migrations are searched for by folder. */
    private static void pack(Path classes, Path jar) throws IOException {
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(jar));
                Stream<Path> all = Files.walk(classes)) {
            out.setLevel(0);
            for (Path each : all.filter(path -> !path.equals(classes)).toList()) {
                boolean folder = Files.isDirectory(each);
                out.putNextEntry(new ZipEntry(classes.relativize(each) + (folder ? "/" : "")));
                if (!folder) {
                    Files.copy(each, out);
                }
                out.closeEntry();
            }
        }
    }
}
