package io.waybill.management;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;

/** The address of a port of ours, free before the start; its settings are {@code waybill.<name>}. */
record ManagementPort(String name, InetAddress address, int number) {

    /** Binds the port for a moment; {@code port} 0 picks a free one. */
    static ManagementPort free(String host, int port) {
        return free("management", host, port);
    }

    /** The same for the port of the settings {@code waybill.<name>}. */
    static ManagementPort free(String name, String host, int port) {
        try (ServerSocket probe = new ServerSocket()) {
            InetAddress address = InetAddress.getByName(host);
            probe.bind(new InetSocketAddress(address, port));
            return new ManagementPort(name, address, probe.getLocalPort());
        } catch (UnknownHostException unknown) {
            throw new IllegalStateException(
                    "open the %s port %s:%d: there is no such host; set waybill.%s.host"
                            .formatted(name, host, port, name),
                    unknown);
        } catch (IOException refused) {
            throw refused(name, host, port, refused.getMessage());
        }
    }

    /** What a start says that cannot have its port. */
    IllegalStateException refused(String reason) {
        return refused(name, address.getHostAddress(), number, reason);
    }

    private static IllegalStateException refused(String name, String host, int port, String reason) {
        return new IllegalStateException("open the %s port %s:%d: %s; stop what uses it or set waybill.%s.port"
                .formatted(name, host, port, reason, name));
    }

    @Override
    public String toString() {
        return address.getHostAddress() + ":" + number;
    }
}
