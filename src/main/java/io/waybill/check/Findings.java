package io.waybill.check;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Collects what the rules find. */
final class Findings {

    private final List<Finding> all = new ArrayList<>();

    /** It would break at run time. */
    void broken(String text) {
        all.add(Finding.of(text, true));
    }

    void broken(List<String> texts) {
        texts.forEach(this::broken);
    }

    /** It runs, but not as somebody meant it, or nobody will find their way in it. */
    void untidy(String text) {
        all.add(Finding.of(text, false));
    }

    /** All of them, each once, by file and line; files below the current folder are named from there. */
    List<Finding> sorted() {
        String here = Path.of("").toAbsolutePath() + "/";
        return all.stream()
                .map(found -> found.file().startsWith(here)
                        ? new Finding(
                                found.file().substring(here.length()), found.line(), found.message(), found.stops())
                        : found)
                .sorted()
                .distinct()
                .toList();
    }
}
