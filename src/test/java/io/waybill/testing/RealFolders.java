package io.waybill.testing;

import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Copies of {@code routes/}, {@code mappings/} and the like that tests may change as they want.
 *
 * <p>One folder serves all tests of a class: before each of them it is made what it was, which costs less than a new copy.
 */
public final class RealFolders {

    private RealFolders() {}

    /** Makes {@code home} hold these folders as they are, and nothing else. */
    public static void into(Path home, String... folders) throws IOException {
        removeUnless(List.of(folders)::contains, home);
        for (String folder : folders) {
            same(Path.of(folder), home.resolve(folder));
        }
    }

    private static void same(Path real, Path copy) throws IOException {
        if (Files.isDirectory(real)) {
            Files.createDirectories(copy);
            removeUnless(name -> Files.exists(real.resolve(name)), copy);
            for (Path each : list(real)) {
                same(each, copy.resolve(each.getFileName()));
            }
        } else if (!isSame(real, copy)) {
            Files.copy(real, copy, COPY_ATTRIBUTES, REPLACE_EXISTING);
        }
    }

    /** What a test has written has another time. */
    private static boolean isSame(Path real, Path copy) throws IOException {
        return Files.isRegularFile(copy)
                && Files.size(real) == Files.size(copy)
                && Files.getLastModifiedTime(real).equals(Files.getLastModifiedTime(copy));
    }

    private static void removeUnless(Predicate<String> stays, Path folder) throws IOException {
        for (Path each : list(folder)) {
            if (!stays.test(each.getFileName().toString())) {
                remove(each);
            }
        }
    }

    private static void remove(Path path) throws IOException {
        try (Stream<Path> all = Files.walk(path)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> each = Files.list(folder)) {
            return each.toList();
        }
    }
}
