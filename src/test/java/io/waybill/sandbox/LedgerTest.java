package io.waybill.sandbox;

import static io.waybill.sandbox.Customer.consignment;
import static io.waybill.sandbox.Customer.eOrder;
import static io.waybill.sandbox.Customer.json;
import static io.waybill.sandbox.Customer.mabangOrder;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerTest {

    @TempDir
    Path folder;

    @Test
    void everyCarrierKnowsItsOrdersAfterARestart() throws IOException {
        List<Booked> before;
        JsonNode label;
        try (Sandbox sandbox = Sandbox.start(options())) {
            Customer customer = new Customer(sandbox);
            customer.bird("Consignment", consignment("SO-1"));
            customer.mabang(mabangOrder("SO-1"));
            label = json(customer.kdniao("1007", eOrder("SO-1")));
            before = sandbox.booked();
        }

        try (Sandbox sandbox = Sandbox.start(options())) {
            Customer customer = new Customer(sandbox);
            JsonNode again = json(customer.kdniao("1007", eOrder("SO-1")));

            assertThat(sandbox.booked()).isEqualTo(before).hasSize(3);
            assertThat(again.get("ResultCode").asText()).isEqualTo("106");
            assertThat(again.get("PrintTemplate")).isEqualTo(label.get("PrintTemplate"));
            assertThat(customer.bird("Consignment", consignment("SO-1")).statusCode())
                    .isEqualTo(500);
            assertThat(customer.mabang(mabangOrder("SO-1")).statusCode()).isEqualTo(403);
        }
    }

    @Test
    void aChangeOfAnOrderSurvivesToo() throws IOException {
        try (Sandbox sandbox = Sandbox.start(options().withFsync())) {
            Customer customer = new Customer(sandbox);
            customer.bird("Consignment", consignment("SO-1"));
            customer.bird(
                    "Consignment/Batch-Update-Status",
                    Map.of("custom_identity_references", "SO-1", "status", "CANCELLED"));
        }

        try (Sandbox sandbox = Sandbox.start(options())) {
            assertThat(sandbox.booked()).extracting(Booked::state).containsExactly("CANCELLED");
            assertThat(Files.readAllLines(ledger()))
                    .extracting(line -> json(line).get("event").asText())
                    .containsExactly("booked", "changed");
        }
    }

    @Test
    void aBookingIsInTheFileBeforeItIsAnswered() throws IOException {
        try (Sandbox sandbox = Sandbox.start(options())) {
            new Customer(sandbox).kdniao("1007", eOrder("SO-1"));

            assertThat(Files.readAllLines(ledger())).singleElement().satisfies(line -> assertThat(
                            json(line).get("reference").asText())
                    .isEqualTo("SO-1"));
        }
    }

    @Test
    void aLineThatWasTornByAKillIsCutOff() throws IOException {
        try (Sandbox sandbox = Sandbox.start(options())) {
            new Customer(sandbox).kdniao("1007", eOrder("SO-1"));
        }
        Files.writeString(ledger(), "{\"event\":\"booked\",\"carr", StandardOpenOption.APPEND);

        try (Sandbox sandbox = Sandbox.start(options())) {
            new Customer(sandbox).kdniao("1007", eOrder("SO-2"));

            assertThat(sandbox.booked()).extracting(Booked::reference).containsExactly("SO-1", "SO-2");
        }
        try (Sandbox sandbox = Sandbox.start(options())) {
            assertThat(sandbox.booked()).extracting(Booked::reference).containsExactly("SO-1", "SO-2");
        }
    }

    @Test
    void aPortThatIsTakenIsNamed() {
        try (Sandbox sandbox = Sandbox.start(SandboxOptions.onAnyPort())) {
            SandboxOptions same = SandboxOptions.onAnyPort().withPort(sandbox.port());

            assertThatThrownBy(() -> Sandbox.start(same))
                    .hasMessageStartingWith("start sandbox on port " + sandbox.port() + ": ");
        }
    }

    private Path ledger() {
        return folder.resolve("sandbox.jsonl");
    }

    private SandboxOptions options() {
        return SandboxOptions.onAnyPort().withLedger(ledger());
    }
}
