package io.waybill.crash;

import io.waybill.ledger.Claim;
import io.waybill.ledger.Endings;
import io.waybill.order.Order;
import jakarta.jms.JMSException;
import jakarta.jms.TextMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import org.apache.camel.Exchange;
import org.apache.camel.component.file.GenericFile;

/**
 * Runs inside the process that is to die, called from every {@link KillPoint}.
 *
 * <p>The file {@code armed} in its folder holds the point and the order that are meant; it may come and go while the process
 * runs. Before the process kills itself with SIGKILL, it writes the point into the file {@code fell}.
 */
public final class KillSwitch {

    private static volatile Path folder;

    private KillSwitch() {}

    static void watch(Path chosen) {
        folder = chosen;
    }

    /** A point was reached by a method with this receiver and these arguments. */
    public static void hit(String point, Object[] about) {
        Path armed = folder.resolve("armed");
        if (!armed.toFile().isFile()) {
            return;
        }
        try {
            String[] meant = Files.readString(armed).trim().split(" ");
            for (Object each : about) {
                if (meant[0].equals(point) && words(each).contains(meant[1])) {
                    Files.writeString(folder.resolve("fell"), point);
                    die();
                }
            }
        } catch (IOException | JMSException e) {
            throw new IllegalStateException("kill point " + point, e);
        }
    }

    private static String words(Object about) throws JMSException {
        if (about instanceof Exchange exchange) {
            return exchange.getVariable("order") + "/" + exchange.getVariable("step");
        } else if (about instanceof Claim || about instanceof Endings) {
            return about.toString();
        } else if (about instanceof Order order) {
            return order.key().text();
        } else if (about instanceof GenericFile<?> file) {
            return file.getFileName();
        }
        return about instanceof TextMessage message ? message.getText() : "";
    }

    /** The order stays where it is until the signal has come. */
    private static void die() throws IOException {
        new ProcessBuilder("sh", "-c", "kill -9 " + ProcessHandle.current().pid()).start();
        while (true) {
            LockSupport.park();
        }
    }
}
