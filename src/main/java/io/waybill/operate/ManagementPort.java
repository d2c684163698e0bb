package io.waybill.operate;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** The address of the management port, free before the start. */
record ManagementPort(InetAddress address, int number) {

    /** Binds the port for a moment; {@code port} 0 picks a free one. */
    static ManagementPort free(String host, int port) {
        try (ServerSocket probe = new ServerSocket()) {
            InetAddress address = InetAddress.getByName(host);
            probe.bind(new InetSocketAddress(address, port));
            return new ManagementPort(address, probe.getLocalPort());
        } catch (IOException refused) {
            throw refused(host, port, refused.getMessage());
        }
    }

    /** What a start says that cannot have its port. */
    IllegalStateException refused(String reason) {
        return refused(address.getHostAddress(), number, reason);
    }

    private static IllegalStateException refused(String host, int port, String reason) {
        return new IllegalStateException(
                "open the management port %s:%d: %s; stop what uses it or set waybill.management.port"
                        .formatted(host, port, reason));
    }

    @Override
    public String toString() {
        return address.getHostAddress() + ":" + number;
    }
}
