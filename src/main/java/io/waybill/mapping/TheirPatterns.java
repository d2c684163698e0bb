package io.waybill.mapping;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Regular expressions that a carrier publishes in its answers.
 *
 * <ol>
 *   <li>One that is empty, longer than any that is meant, or that Java cannot read, lets everything through: what nobody
 *       understands refuses no order.
 *   <li>It finds, as their languages do; whole texts are between {@code ^} and {@code $} there.
 *   <li>One that takes too many steps over a text, such as {@code (a+)+\1b}, lets it through.
 * </ol>
 */
final class TheirPatterns {

    private static final int MOST_KEPT = 1000;
    private static final int MOST_STEPS = 100_000;
    private static final int LONGEST = 2000;

    private final Map<String, Optional<Pattern>> known = new ConcurrentHashMap<>();

    boolean fits(String text, String pattern) {
        Optional<Pattern> read = pattern.isBlank() || pattern.length() > LONGEST ? Optional.empty() : read(pattern);
        try {
            return read.isEmpty()
                    || read.get().matcher(new Counted(text, new int[1])).find();
        } catch (TooLong | StackOverflowError e) {
            return true;
        }
    }

    private Optional<Pattern> read(String pattern) {
        if (known.size() > MOST_KEPT) {
            known.clear();
        }
        return known.computeIfAbsent(pattern, TheirPatterns::compiled);
    }

    private static Optional<Pattern> compiled(String pattern) {
        try {
            return Optional.of(Pattern.compile(pattern));
        } catch (PatternSyntaxException | StackOverflowError e) {
            return Optional.empty();
        }
    }

    private static final class TooLong extends RuntimeException {

        private static final long serialVersionUID = 1L;

        TooLong() {
            super(null, null, false, false);
        }
    }

    private record Counted(CharSequence text, int[] steps) implements CharSequence {

        @Override
        public char charAt(int index) {
            if (steps[0]++ > MOST_STEPS) {
                throw new TooLong();
            }
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return new Counted(text.subSequence(start, end), steps);
        }

        @Override
        public String toString() {
            return text.toString();
        }
    }
}
