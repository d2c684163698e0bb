package io.waybill.watch;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A question to somebody who may not answer.
 *
 * <p>One thread asks and the caller waits two seconds. While a question is still open no second one is put: whoever hangs
 * costs one thread, however often health is asked for.
 */
final class Asked {

    static final Duration PATIENCE = Duration.ofSeconds(2);

    private final String who;
    private FutureTask<Boolean> question;

    /** @param who as it stands in sentences, such as {@code the database} */
    Asked(String who) {
        this.who = who;
    }

    /** What is wrong, empty if there was a good answer in time. One caller at a time: Camel holds a lock around a check. */
    String fault(Callable<Boolean> asks) {
        if (question == null || question.isDone()) {
            question = ask(asks);
        }
        try {
            boolean answered = question.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            return answered ? "" : who + " does not answer";
        } catch (TimeoutException late) {
            return who + " did not answer within %d s".formatted(PATIENCE.toSeconds());
        } catch (ExecutionException failed) {
            return who + " cannot be reached: " + failed.getCause().getMessage();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return "interrupted while asking " + who;
        }
    }

    private FutureTask<Boolean> ask(Callable<Boolean> asks) {
        FutureTask<Boolean> open = new FutureTask<>(asks);
        Thread thread = new Thread(open, "waybill-health");
        thread.setDaemon(true);
        thread.start();
        return open;
    }
}
