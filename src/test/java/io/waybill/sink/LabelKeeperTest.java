package io.waybill.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.zaxxer.hikari.HikariDataSource;
import io.waybill.ledger.Acceptance;
import io.waybill.ledger.Claim;
import io.waybill.ledger.Database;
import io.waybill.ledger.Ledger;
import io.waybill.ledger.StepFacts;
import io.waybill.order.Order;
import io.waybill.order.OrderKey;
import io.waybill.testing.Patience;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A label's way from the answer to file, row and shipment, with a real ledger and a real host. */
class LabelKeeperTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String URL = "https://labels.example.com/1.pdf?key=secret";
    private static final String NOT_LISTED =
            "label: host 'labels.example.com' is not listed in setting" + " 'waybill.carrier.mabang.label-hosts'";
    private static final byte[] PDF = "%PDF-1.4 label".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    static Path keys;

    private static SSLContext key;

    @TempDir
    Path folder;

    private LabelServer server;
    private HikariDataSource database;
    private Ledger ledger;

    @BeforeAll
    static void makeKey() throws Exception {
        key = LabelServer.key(keys);
    }

    @BeforeEach
    void start() throws Exception {
        server = new LabelServer(key);
        database = Database.open("jdbc:h2:mem:labels", "waybill", "", 4);
        ledger = new Ledger(
                database,
                "node",
                10,
                (id, raw, source) -> new Order(id, JSON.createObjectNode(), raw, source),
                Clock.systemUTC());
    }

    @AfterEach
    void stop() {
        ledger.close();
        database.close();
        server.close();
    }

    @Test
    void aMerchantsAddressThatIsNotListedStaysAsItWasSupplied() throws Exception {
        Claim claim = booked(keeper(""), label("supplied", "url", URL));

        keeper("").store(claim);

        assertThat(claim.result().get("label"))
                .isEqualTo(json("{'url':'" + URL + "','format':'pdf','source':'merchant'}"));
        assertThat(claim.result().get("label_state").asText()).isEqualTo("supplied");
        assertThat(claim.result().at("/warnings/0").asText())
                .isEqualTo(NOT_LISTED + "; it was not fetched and stays where the merchant has it");
        assertThat(rows(claim)).isEmpty();
        assertThat(server.requests).isEmpty();
    }

    @Test
    void aMerchantsAddressThatIsNeverFetchedStaysToo() throws Exception {
        LabelKeeper keeper = keeper("labels.example.com");
        Claim claim = booked(keeper, label("supplied", "url", "http://labels.example.com/1.pdf"));

        keeper.store(claim);

        assertThat(claim.result().at("/label/url").asText()).isEqualTo("http://labels.example.com/1.pdf");
        assertThat(claim.result().at("/warnings/0").asText())
                .isEqualTo("label: its address is not https; it was not fetched and stays where the merchant has it");
    }

    @Test
    void aMerchantsAddressThatIsListedIsFetchedAndStored() throws Exception {
        server.at("/1.pdf", 200, PDF);
        LabelKeeper keeper = keeper("labels.example.com");
        Claim claim = booked(keeper, label("supplied", "url", URL));

        keeper.store(claim);

        assertThat(Files.readAllBytes(Path.of(claim.result().at("/label/path").asText())))
                .isEqualTo(PDF);
        assertThat(claim.result().get("label_state").asText()).isEqualTo("supplied");
        assertThat(claim.result().at("/label/source").asText()).isEqualTo("merchant");
        assertThat(rows(claim)).containsExactly("pdf 14 merchant");
    }

    @Test
    void aCarriersAddressAwaitsTheSinkAndNobodyIsAskedBefore() {
        server.at("/1.pdf", 200, PDF);
        ObjectNode result = label("stored", "url", URL);

        keeper("labels.example.com").keep(result);

        assertThat(result).isEqualTo(label("awaited", "url", URL));
        assertThat(server.requests).isEmpty();
    }

    @Test
    void aCarriersAddressThatIsListedIsFetchedAndStored() throws Exception {
        server.at("/1.pdf", 200, PDF);
        LabelKeeper keeper = keeper("labels.example.com");
        Claim claim = booked(keeper, label("stored", "url", URL));

        keeper.store(claim);

        assertThat(claim.result().get("label_state").asText()).isEqualTo("stored");
        assertThat(rows(claim)).containsExactly("pdf 14 carrier");
    }

    @Test
    void whatBecameOfTheLabelIsKnownToALaterAttempt() throws Exception {
        server.at("/1.pdf", 200, PDF);
        LabelKeeper keeper = keeper("labels.example.com");
        Claim claim = booked(keeper, label("stored", "url", URL));
        keeper.store(claim);
        ObjectNode told = claim.result();

        claim.sinks().finish("label");
        claim.waits().postpone(Duration.ZERO, "the outbox is full");
        Claim later = ledger.takeDue(1).get(0);

        assertThat(later.done("label")).isTrue();
        assertThat(later.result()).hasToString(told.toString());
    }

    @Test
    void aCarriersAddressThatIsNotListedIsRefusedAndTold() throws Exception {
        Claim claim = booked(keeper(""), label("stored", "url", URL));

        assertThatThrownBy(() -> keeper("").store(claim))
                .isInstanceOf(LabelRefused.class)
                .hasMessage(NOT_LISTED);
        assertThat(ShipmentDocument.of(claim).get("label_state").asText()).isEqualTo("none");
        assertThat(ShipmentDocument.of(claim).get("warnings")).hasToString("[\"" + NOT_LISTED + "\"]");
    }

    @Test
    void bytesThatAreNoLabelAreRefused() throws Exception {
        server.at("/1.pdf", 200, "<html>log in</html>".getBytes(StandardCharsets.US_ASCII));
        LabelKeeper keeper = keeper("labels.example.com");
        Claim claim = booked(keeper, label("stored", "url", URL));

        assertThatThrownBy(() -> keeper.store(claim))
                .isInstanceOf(LabelRefused.class)
                .hasMessage("label: the first bytes are not those of pdf");
        assertThat(rows(claim)).isEmpty();
    }

    @Test
    void aHostThatIsDownLeavesTheAddressForTheNextAttempt() throws Exception {
        server.at("/1.pdf", 503, PDF);
        LabelKeeper keeper = keeper("labels.example.com");
        Claim claim = booked(keeper, label("stored", "url", URL));

        assertThatThrownBy(() -> keeper.store(claim))
                .isInstanceOf(IOException.class)
                .hasMessage("label: host 'labels.example.com' answered 503, expected 200");
        claim.waits().postpone(Duration.ZERO, "waits for label");

        Claim later = ledger.takeDue(1).get(0);
        assertThat(later.done("book")).isTrue();
        assertThat(later.result()).isEqualTo(label("awaited", "url", URL));
    }

    @Test
    void aMerchantsOwnBytesAreStoredAsHis() {
        ObjectNode result = label("supplied", "base64", "JVBERi0xLjQgbGFiZWw=");

        keeper("").keep(result);

        assertThat(result.at("/label/source").asText()).isEqualTo("merchant");
        assertThat(result.get("label_state").asText()).isEqualTo("supplied");
    }

    private LabelKeeper keeper(String hosts) {
        return new LabelKeeper(
                new LabelStore(folder),
                LabelHosts.of(Map.of("mabang.label-hosts", hosts)),
                new LabelDownload(server.network(Patience.LIMIT)),
                Clock.systemUTC());
    }

    /** An order whose answer, with this result, is journalled. */
    private Claim booked(LabelKeeper keeper, ObjectNode result) {
        Order order = new Order(new OrderKey("default", "A-1", 0), JSON.createObjectNode(), "{}", "test");
        Claim claim = ((Acceptance.Accepted) ledger.accept(order).join()).claim();
        claim.choose("mabang", "standard", "rule");
        claim.sent("book", "A-1", new StepFacts("1", "request", null, null, null));
        keeper.keep(result);
        claim.brought("book", new StepFacts(null, null, "response", result.toString(), null), result, true);
        return claim;
    }

    /** The label rows, once the order is completed. */
    private List<String> rows(Claim claim) throws Exception {
        claim.endings().settle("completed");
        try (Connection connection = database.getConnection();
                ResultSet rows = connection
                        .createStatement()
                        .executeQuery("select format || ' ' || bytes || ' ' || source from label")) {
            Stream.Builder<String> all = Stream.builder();
            while (rows.next()) {
                all.add(rows.getString(1));
            }
            return all.build().toList();
        }
    }

    private static ObjectNode label(String state, String encoding, String content) {
        return json("{'label_state':'" + state + "','label':{'format':'pdf','encoding':'" + encoding + "','content':'"
                + content + "'}}");
    }

    private static ObjectNode json(String text) {
        try {
            return (ObjectNode) JSON.readTree(text.replace('\'', '"'));
        } catch (IOException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
