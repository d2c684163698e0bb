package io.waybill.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.sandbox.Booked;
import io.waybill.testing.RunningWaybill;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** An order that kills every process that works on it is stopped after some of them, and all others go their way. */
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
