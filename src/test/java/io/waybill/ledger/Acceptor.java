package io.waybill.ledger;

import com.zaxxer.hikari.HikariDataSource;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.time.Clock;

/** A process that accepts orders until it is killed, and prints the id of each that was acknowledged. */
final class Acceptor {

    private Acceptor() {}

    public static void main(String[] arguments) {
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true);
        HikariDataSource pool = Database.open(arguments[0], "sa", "", 4);
        Ledger ledger = new Ledger(pool, "crash", Integer.MAX_VALUE, LedgerContract::parse, Clock.systemUTC());
        ledger.recover();
        for (int i = 0; ; i++) {
            String id = arguments[1] + "-" + i;
            ledger.accept(LedgerContract.order(id)).thenRun(() -> out.println(id));
            if (i % 64 == 0) {
                LedgerContract.accept(ledger, LedgerContract.order(id + "-alone"));
            }
        }
    }
}
