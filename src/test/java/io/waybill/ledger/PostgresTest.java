package io.waybill.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.waybill.testing.PostgresServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class PostgresTest {

    private static final TestDatabase DATABASE = TestDatabase.postgres();

    @Nested
    class Accepting extends AcceptContract {
        Accepting() {
            super(DATABASE);
        }
    }

    @Nested
    class Claims extends ClaimContract {
        Claims() {
            super(DATABASE);
        }
    }

    @Nested
    class Calls extends CallsContract {
        Calls() {
            super(DATABASE);
        }
    }

    @Nested
    class Refusals extends RefusalContract {
        Refusals() {
            super(DATABASE);
        }
    }

    @Nested
    class Recovering extends RecoveryContract {
        Recovering() {
            super(DATABASE);
        }
    }

    @Nested
    class Outages extends OutageContract {
        Outages() {
            super(DATABASE);
        }
    }

    @Nested
    class Commits extends CommitContract {
        Commits() {
            super(DATABASE);
        }

        @Test
        void aStatementIsNotPlannedAgainWhereAValueIsSometimesMissing() throws SQLException {
            HikariConfig single = new HikariConfig();
            single.setJdbcUrl(DATABASE.pool().getJdbcUrl());
            single.setUsername(PostgresServer.user());
            single.setMaximumPoolSize(1);
            try (HikariDataSource pool = new HikariDataSource(single)) {
                try (GroupCommit group = new GroupCommit(pool, 1)) {
                    for (int i = 0; i < 60; i++) {
                        String reason = i % 2 == 0 ? "a reason" : null;
                        Sql guard = Sql.of(
                                "update carrier_state set reason = coalesce(?, reason) where carrier = ?", reason, "n");
                        GroupCommit.await(group.submit(new Write("n", guard, List.of())));
                    }
                }
                try (Connection connection = pool.getConnection();
                        Statement statement = connection.createStatement();
                        ResultSet row = statement.executeQuery("select max(generic_plans) from pg_prepared_statements"
                                + " where statement like 'update carrier_state set reason = coalesce%'")) {
                    row.next();
                    assertThat(row.getInt(1)).isGreaterThan(30);
                }
            }
        }
    }

    @Nested
    class QueuesOfCarriers extends BulkheadContract {
        QueuesOfCarriers() {
            super(DATABASE);
        }
    }

    @Nested
    class FollowingUp extends FollowUpContract {
        FollowingUp() {
            super(DATABASE);
        }
    }

    @Nested
    class Pausing extends PauseContract {
        Pausing() {
            super(DATABASE);
        }
    }

    @Nested
    class Counting extends FiguresContract {
        Counting() {
            super(DATABASE);
        }
    }

    @Nested
    class Alerting extends AlertsContract {
        Alerting() {
            super(DATABASE);
        }
    }

    @Nested
    class Pushing extends PushContract {
        Pushing() {
            super(DATABASE);
        }
    }

    @Nested
    class Fuzz extends FuzzContract {
        Fuzz() {
            super(DATABASE);
        }
    }
}
