package io.waybill.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.ledger.Claim;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class JoinedDataSourceTest extends SinkTest {

    private static final String INSERT =
            "insert into node (name, incarnation, seen_at) values (?, 7, current_timestamp)";
    private static final String ROWS = "select name from node where incarnation = 7";

    private JoinedDataSource joined;
    private Claim claim;

    @BeforeEach
    void book() {
        joined = new JoinedDataSource(database);
        claim = booked("{}", "{}");
    }

    @Test
    void rowsWithinAppearWithTheOrdersEnd() throws SQLException {
        joined.join(claim);
        insert("within");
        joined.leave();

        assertThat(texts(ROWS)).isEmpty();
        claim.endings().settle("completed");
        assertThat(texts(ROWS)).containsExactly("within");
    }

    @Test
    void outsideItIsAnOrdinaryDataSource() throws SQLException {
        insert("outside");
        joined.join(claim);
        joined.leave();
        insert("outside again");

        assertThat(texts(ROWS)).containsExactlyInAnyOrder("outside", "outside again");
    }

    @Test
    void otherThreadsAreOutside() throws Exception {
        joined.join(claim);

        Thread other = new Thread(() -> {
            try {
                insert("other");
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
        other.start();
        other.join();

        assertThat(texts(ROWS)).containsExactly("other");
    }

    @Test
    void aQueryIsRefused() throws SQLException {
        joined.join(claim);

        try (Connection connection = joined.getConnection()) {
            assertThatThrownBy(() -> connection.prepareStatement(ROWS))
                    .isInstanceOf(SQLFeatureNotSupportedException.class)
                    .hasMessage("only insert, update and delete join an order's commit; name the data source 'ledgerDb'"
                            + " for a query");
            assertThatThrownBy(connection::createStatement)
                    .isInstanceOf(SQLFeatureNotSupportedException.class)
                    .hasMessage("'createStatement' cannot join an order's commit");
        }
    }

    @Test
    void aQuestionMarkInATextIsNoParameter() throws SQLException {
        joined.join(claim);
        try (Connection connection = joined.getConnection();
                PreparedStatement statement =
                        connection.prepareStatement("update node set name = 'why?' where name = ?")) {
            assertThat(statement.getParameterMetaData().getParameterCount()).isEqualTo(1);
            statement.setObject(1, "one");
            statement.execute();
        }
        joined.leave();

        claim.endings().settle("completed");
        assertThat(texts("select name from node")).containsExactly("why?");
    }

    private void insert(String name) throws SQLException {
        try (Connection connection = joined.getConnection();
                PreparedStatement statement = connection.prepareStatement(INSERT)) {
            statement.setObject(1, name);
            assertThat(statement.execute()).isFalse();
            assertThat(statement.getUpdateCount()).isEqualTo(1);
        }
    }
}
