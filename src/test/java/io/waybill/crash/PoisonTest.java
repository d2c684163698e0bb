package io.waybill.crash;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.sandbox.Booked;
import io.waybill.testing.Orders;
import io.waybill.testing.RunningWaybill;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** An order, or a file, that kills every process that works on it is stopped after some of them, and all others go their way. */
@Tag("crash")
class PoisonTest {

    private static final int LIVES = 3;

    private final Carriers carriers = Surroundings.get().carriers();

    @Test
    void orderThatEveryProcessDiesWithEndsInTheDeadLetters() throws IOException {
        try (Campaign campaign = new Campaign("poison", Base.H2, Map.of("waybill.lives", "" + LIVES))) {
            Site site = campaign.site();
            Batch batch = Batch.of("Y001", 3);
            String target = Batch.id("Y001", "kdniao", Batch.FOLDER, 1);
            site.arm(KillPoint.BEFORE_SENT, target);
            batch.drop(site);
            site.awaitFall(KillPoint.BEFORE_SENT);
            for (int death = 2; death <= LIVES; death++) {
                site.arm(KillPoint.BEFORE_SENT, target);
                site.begin();
                site.awaitFall(KillPoint.BEFORE_SENT);
            }
            site.arm(KillPoint.BEFORE_SENT, target);
            site.start();

            site.awaitSettled(batch.ids().size());

            assertThat(causes(site)).isEqualTo(Map.of(target, "poison"));
            List<String> booked = carriers.booked().stream()
                    .map(Booked::reference)
                    .filter(reference -> reference.startsWith("Y001"))
                    .toList();
            assertThat(booked).doesNotHaveDuplicates().doesNotContain(target);
            // what was on its way to Mabang at a death, nobody knows
            Set<String> known = new HashSet<>(booked);
            known.addAll(site.console().inDoubt());
            assertThat(batch.ids())
                    .filteredOn(id -> !id.equals(target) && !id.contains(Batch.NOBODY))
                    .allMatch(known::contains);
        }
    }

    @Test
    void fileThatEveryProcessDiesOfIsSetAsideAndTheOthersAreAnswered() throws IOException {
        try (Campaign campaign = new Campaign("poison-file", Base.H2, Map.of("waybill.lives", "" + LIVES))) {
            Site site = campaign.site();
            site.arm(KillPoint.BEFORE_ACCEPT, "Y002-poison");
            site.file("Y002-file", List.of(Orders.chinese("Y002-poison")));
            site.awaitFall(KillPoint.BEFORE_ACCEPT);
            for (int death = 1; death <= LIVES; death++) {
                site.arm(KillPoint.BEFORE_ACCEPT, "Y002-poison");
                site.begin();
                site.awaitFall(KillPoint.BEFORE_ACCEPT);
            }
            site.file("Y002-others", List.of(Orders.chinese("Y002-1"), Orders.chinese("Y002-2")));
            site.arm(KillPoint.BEFORE_ACCEPT, "Y002-poison");
            site.start();

            site.awaitSettled(2);

            assertThat(carriers.booked().stream().map(Booked::reference).filter(id -> id.startsWith("Y002")))
                    .containsExactlyInAnyOrder("Y002-1", "Y002-2");
            assertThat(site.work().resolve("outbox/default/Y002-2.json")).exists();
            ObjectNode reason = reason(site);
            assertThat(reason.remove("at")).isNotNull();
            assertThat(reason)
                    .isEqualTo(
                            Orders.json(
                                    """
                    {"stage": "intake", "cause": "poison",
                     "message": "file 'Y002-file.json' is not read any more: 3 processes died one after the other while they read it",
                     "faults": [], "carrier_answer": null,
                     "next": "what of it was accepted goes on, and is known when it comes again; to find the order that they die of, cut the file into parts named .json or .ndjson and move them into the inbox one after the other; nothing of the rest was sent to a carrier"}
                    """));
        }
    }

    /** A file is longer than what is accepted together, so each life gets to orders that none before it knew. */
    @Test
    void fileThatGetsOnWithEachLifeIsReadToItsEndHoweverOftenTheProcessIsKilled() {
        List<JsonNode> orders = IntStream.rangeClosed(1, 1300)
                .mapToObj(i -> (JsonNode) Orders.chinese("Y003-F" + i))
                .toList();
        try (Campaign campaign = new Campaign("progress", Base.H2, Map.of("waybill.lives", "" + LIVES))) {
            Site site = campaign.site();
            site.arm(KillPoint.AFTER_ACCEPT, "Y003-F1");
            site.file("Y003", orders);
            site.awaitFall(KillPoint.AFTER_ACCEPT);
            for (int order = 300; order <= 1200; order += 300) {
                site.arm(KillPoint.AFTER_ACCEPT, "Y003-F" + order);
                site.begin();
                site.awaitFall(KillPoint.AFTER_ACCEPT);
            }
            site.start();

            Awaitility.await("archived").atMost(Child.PATIENCE).untilAsserted(() -> assertThat(
                            RunningWaybill.files(site.work().resolve("archive")))
                    .hasSize(1));

            assertThat(RunningWaybill.files(site.work().resolve("dead-letters")))
                    .isEmpty();
            assertThat(RunningWaybill.files(site.work().resolve("inbox"))).isEmpty();
        }
    }

    /** The only dead letter. */
    private static ObjectNode reason(Site site) {
        return Awaitility.await("a dead letter")
                .atMost(Child.PATIENCE)
                .until(
                        () -> RunningWaybill.files(site.work().resolve("dead-letters/default")).stream()
                                .filter(file -> file.toString().endsWith(".reason.json"))
                                .map(file -> (ObjectNode) RunningWaybill.json(file))
                                .toList(),
                        found -> found.size() == 1)
                .get(0);
    }

    /** The dead letters of orders that some carrier would have taken, each with its cause. */
    private static Map<String, String> causes(Site site) throws IOException {
        try (Stream<Path> files = Files.list(site.work().resolve("dead-letters/default"))) {
            return files.filter(file -> file.toString().endsWith(".reason.json"))
                    .filter(file -> !file.toString().contains(Batch.NOBODY))
                    .collect(Collectors.toMap(
                            file -> file.getFileName().toString().replaceFirst("-[^-]+\\.reason\\.json$", ""),
                            file -> RunningWaybill.json(file).get("cause").asText()));
        }
    }
}
