package io.waybill.management;

import io.waybill.access.Limits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * Where the management port is and who may use it.
 *
 * @param enabled   {@code false}: no port is opened at all
 * @param host      address to listen on; leaves the machine only with TLS, its own or a proxy's
 * @param port      0 picks a free one
 * @param usersFile names, roles and hashed passwords
 * @param tokenFile where this start leaves the token of the command line
 * @param limits    of logins
 * @param patience  how long a client may take to send its request
 * @param tls       empty: plain HTTP
 * @param proxies   addresses of reverse proxies that say whom they pass on
 * @param traceBodies whether the trace shows the form of bodies, never what is in them
 */
public record ManagementSettings(
        boolean enabled,
        String host,
        int port,
        Path usersFile,
        Path tokenFile,
        Limits limits,
        Duration patience,
        Optional<Tls> tls,
        Set<String> proxies,
        boolean traceBodies) {

    public ManagementSettings {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException(
                    "read waybill.management.port: expected 0 to 65535, was '%d'".formatted(port));
        }
        if (host.isBlank()) {
            throw new IllegalArgumentException(
                    "read waybill.management.host: expected an address such as '127.0.0.1', was ''");
        }
        if (patience.isNegative() || patience.isZero()) {
            throw new IllegalArgumentException("read waybill.management.request-seconds: expected at least 1, was '%d'"
                    .formatted(patience.toSeconds()));
        }
    }
}
