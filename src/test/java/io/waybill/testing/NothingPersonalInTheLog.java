package io.waybill.testing;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/**
 * Reads every line that any test makes this process log, and fails the class in which one holds what {@link Orders} say of
 * people, or a secret of the simulated carriers. JUnit finds it by itself.
 */
public final class NothingPersonalInTheLog implements BeforeAllCallback, AfterAllCallback {

    private static final List<String> WORDS = List.of(
            "Ann Sample",
            "ann@example.com",
            "02000000000",
            "1 Main St",
            "Aisyah Sample",
            "60120000000",
            "2 Jalan Satu",
            "发件人",
            "收件人",
            "13800000001",
            "13800000002",
            "科技路",
            "中关村大街",
            "demo-api-key",
            "sandbox-api-key",
            "sandbox-token");

    private static final Queue<String> FOUND = new ConcurrentLinkedQueue<>();

    /** Once for the whole process; other appenders come and go. */
    private static final class Reader extends AppenderBase<ILoggingEvent> {

        private static final Reader ONLY = new Reader();

        private Reader() {
            LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
            setContext(context);
            start();
            context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(this);
        }

        @Override
        protected void append(ILoggingEvent event) {
            String line = event.getLoggerName() + " " + event.getKeyValuePairs() + " " + event.getMDCPropertyMap() + " "
                    + event.getFormattedMessage() + " "
                    + (event.getThrowableProxy() == null ? "" : ThrowableProxyUtil.asString(event.getThrowableProxy()));
            WORDS.stream().filter(line::contains).forEach(word -> FOUND.add("'" + word + "' in: " + line));
        }
    }

    @Override
    public void beforeAll(ExtensionContext test) {
        if (!Reader.ONLY.isStarted()) {
            throw new IllegalStateException("nobody reads the log");
        }
    }

    @Override
    public void afterAll(ExtensionContext test) {
        List<String> found = new ArrayList<>();
        for (String line = FOUND.poll(); line != null; line = FOUND.poll()) {
            found.add(line);
        }
        if (!found.isEmpty()) {
            throw new AssertionError("personal data or secrets were logged: " + found);
        }
    }
}
