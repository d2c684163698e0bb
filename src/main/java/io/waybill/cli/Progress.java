package io.waybill.cli;

import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** How far a long command is, on the terminal that somebody watches; in a pipe or a file nothing is shown. */
final class Progress implements AutoCloseable {

    private final ProgressBar bar;

    private Progress(ProgressBar bar) {
        this.bar = bar;
    }

    /**
     * Begins.
     *
     * @param what what is counted, such as {@code orders}
     * @param most how many there are about
     */
    static Progress of(String what, long most) {
        return new Progress(
                System.console() == null
                        ? null
                        : new ProgressBarBuilder()
                                .setTaskName(what)
                                .setInitialMax(most)
                                .setStyle(ProgressBarStyle.ASCII)
                                .setUpdateIntervalMillis(500)
                                .build());
    }

    /** So many are done. */
    void at(long done) {
        if (bar != null) {
            bar.stepTo(done);
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
