package io.waybill.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.order.OrderKey;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the history of an order must say after nodes fought for it. */
final class Chain {

    private static final Pattern TOKEN = Pattern.compile("\"(?:request|response)\":\"([^\"]+)\"");

    private Chain() {}

    /** Its hashes stand, each taking has an epoch of its own, and at every moment one node at most worked on it. */
    static void assertOneClaimAtATime(Queries queries, OrderKey key) {
        List<History> rows = queries.history(key);
        assertThat(new Audit(queries).broken(key)).isEmpty();
        assertThat(queries.find(key).orElseThrow().epoch())
                .isEqualTo(1
                        + rows.stream()
                                .filter(row -> row.what().equals("taken"))
                                .count());
        assertOneClaimAtATime(rows);
    }

    /** Whoever writes has taken the order before, and nobody else has since; whoever answers has called. */
    private static void assertOneClaimAtATime(List<History> rows) {
        String holder = null;
        String call = null;
        for (History row : rows) {
            String at = row.seq() + " " + row.what() + " by " + row.actor();
            switch (row.what()) {
                case "accepted" -> assertThat(holder).as(at).isNull();
                case "taken" -> {
                    assertThat(holder).as(at).isNull();
                    holder = row.actor();
                    call = null;
                }
                case "book-sent" -> {
                    assertThat(row.actor()).as(at).isEqualTo(holder);
                    call = token(row);
                }
                case "booked" -> {
                    assertThat(row.actor()).as(at).isEqualTo(holder);
                    assertThat(token(row)).as(at).isEqualTo(call);
                }
                case "waiting" -> {
                    assertThat(row.actor()).as(at).isEqualTo(holder);
                    holder = null;
                }
                case "given-back", "in-doubt" -> holder = null;
                default -> throw new AssertionError(at);
            }
        }
    }

    private static String token(History row) {
        Matcher matcher = TOKEN.matcher(row.detail());
        assertThat(matcher.find()).as(row.detail()).isTrue();
        return matcher.group(1);
    }
}
