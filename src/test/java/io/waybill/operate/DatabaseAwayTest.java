package io.waybill.operate;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.waybill.ledger.Database;
import io.waybill.ledger.Ledger;
import io.waybill.watch.OrderMetrics;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A person who asks for something while the database is away is not told that it is tried again: nothing does. */
class DatabaseAwayTest {

    private static final String NEXT =
            "; nothing tries it again: when the database answers, see what was done ('waybill status', 'waybill trace'), and do"
                    + " it again if it was not";

    @TempDir
    Path temp;

    @Test
    void whatAPersonAsksForSaysWhatToDo() {
        HikariDataSource pool = Database.open("jdbc:h2:file:" + temp.resolve("ledger"), "sa", "", 2);
        try (Ledger ledger = new Ledger(pool, "one", 9, (key, json, source) -> null, Clock.systemUTC())) {
            Carrier mabang =
                    new Carrier("mabang", ledger, new OrderMetrics(new SimpleMeterRegistry(), Set.of("mabang")));
            SayingBean bean = SayingBean.of(mabang, CarrierMBean.class);
            pool.close();

            assertThatThrownBy(() -> bean.invoke("pause", new Object[] {"closed"}, new String[] {"java.lang.String"}))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("ledger: it cannot be read" + NEXT);
            assertThatThrownBy(() -> bean.invoke("listHistory", new Object[0], new String[0]))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("ledger: it cannot be read" + NEXT);
            assertThatThrownBy(() -> bean.getAttribute("Waiting"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("ledger: it cannot be read" + NEXT);
        }
    }
}
