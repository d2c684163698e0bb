package io.waybill.operate;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * The address of the management port: free before the start, ours after it.
 *
 * <p>Camel only warns when its port is taken and runs on without health, metrics and console, so both are asked for.
 */
record ManagementPort(InetAddress address, int number) {

    private static final int ANSWER_MILLIS = (int) Duration.ofSeconds(10).toMillis();

    /** Binds the port for a moment; {@code port} 0 picks a free one. */
    static ManagementPort free(String host, int port) {
        return free("management", host, port);
    }

    /** The same for the port of the settings {@code waybill.<name>}. */
    static ManagementPort free(String name, String host, int port) {
        try (ServerSocket probe = new ServerSocket()) {
            InetAddress address = InetAddress.getByName(host);
            probe.bind(new InetSocketAddress(address, port));
            return new ManagementPort(address, probe.getLocalPort());
        } catch (IOException refused) {
            throw new UncheckedIOException(
                    "open the %s port %s:%d: %s; stop what uses it or set waybill.%s.port"
                            .formatted(name, host, port, refused.getMessage(), name),
                    refused);
        }
    }

    /** The status of a GET without a password, carrying the mark in a header. */
    int statusWithoutPassword(String path, String mark) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(reachable(), number), ANSWER_MILLIS);
            socket.setSoTimeout(ANSWER_MILLIS);
            String request = "GET %s HTTP/1.1\r\nHost: management\r\n%s: %s\r\nConnection: close\r\n\r\n"
                    .formatted(path, Gate.MARK, mark);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return status(socket.getInputStream());
        }
    }

    private InetAddress reachable() {
        return address.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : address;
    }

    private static int status(InputStream answer) throws IOException {
        String line = new String(answer.readNBytes("HTTP/1.1 401".length()), StandardCharsets.US_ASCII);
        if (!line.matches("HTTP/1\\.1 \\d{3}")) {
            throw new IOException("expected an HTTP answer, was '%s'".formatted(line));
        }
        return Integer.parseInt(line.substring(line.length() - 3));
    }

    @Override
    public String toString() {
        return address.getHostAddress() + ":" + number;
    }
}
