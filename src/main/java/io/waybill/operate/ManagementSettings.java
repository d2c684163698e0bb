package io.waybill.operate;

import java.nio.file.Path;

/**
 * Where the management port is and who may use it.
 *
 * @param enabled   {@code false}: no port is opened at all
 * @param host      address to listen on, {@code 127.0.0.1} unless a reverse proxy with TLS stands before it
 * @param port      0 picks a free one
 * @param usersFile names and passwords, see {@link UsersFile}
 */
public record ManagementSettings(boolean enabled, String host, int port, Path usersFile) {

    public ManagementSettings {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException(
                    "read waybill.management.port: expected 0 to 65535, was '%d'".formatted(port));
        }
        if (host.isBlank()) {
            throw new IllegalArgumentException(
                    "read waybill.management.host: expected an address such as '127.0.0.1', was ''");
        }
    }
}
