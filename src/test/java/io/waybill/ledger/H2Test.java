package io.waybill.ledger;

import org.junit.jupiter.api.Nested;

class H2Test {

    private static final TestDatabase DATABASE = TestDatabase.h2();

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
