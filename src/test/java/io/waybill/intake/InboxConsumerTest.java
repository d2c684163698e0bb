package io.waybill.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.testing.Patience;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The filter in Camel's own file consumer. */
class InboxConsumerTest {

    @TempDir
    Path work;

    @Test
    void camelReadsTheInboxAndTheAccountFoldersAndNothingElse() throws Exception {
        Path inbox = work.resolve("inbox");
        fill(inbox);
        Specials.pipe(inbox.resolve("pipe.json"));

        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            camel.getRegistry().bind("filter", new InboxFilter(inbox, Duration.ofMillis(100), Clock.systemUTC()));
            camel.addRoutes(route(inbox));
            MockEndpoint read = camel.getEndpoint("mock:read", MockEndpoint.class);
            read.expectedHeaderValuesReceivedInAnyOrder("CamelFileName", "a.json", "shop/b.NDJSON");
            read.setResultWaitTime(Patience.MILLIS);
            camel.start();
            read.assertIsSatisfied();
        }

        assertThat(List.of("pipe.json", "link.json", "c.csv", "Shop/d.json", "shop/deeper/e.json", "linked/f.json"))
                .allMatch(name -> Files.exists(inbox.resolve(name)));
    }

    private void fill(Path inbox) throws IOException {
        Files.createDirectories(inbox.resolve("shop/deeper"));
        Files.createDirectories(inbox.resolve("Shop"));
        Path outside = Files.createDirectories(work.resolve("outside"));
        Files.writeString(outside.resolve("f.json"), "{}");
        Files.createSymbolicLink(inbox.resolve("linked"), outside);
        Files.createSymbolicLink(inbox.resolve("link.json"), outside.resolve("f.json"));
        for (String name : List.of("a.json", "shop/b.NDJSON", "c.csv", "Shop/d.json", "shop/deeper/e.json")) {
            Files.writeString(inbox.resolve(name), "{}");
        }
    }

    private static RouteBuilder route(Path inbox) {
        return new RouteBuilder() {
            @Override
            public void configure() {
                from("file:" + inbox + "?recursive=true&maxDepth=2&delay=20&initialDelay=0&delete=true&filter=#filter")
                        .to("mock:read");
            }
        };
    }
}
