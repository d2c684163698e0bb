package io.waybill.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/**
 * A port of this machine that refuses connections until somebody listens on it by its number, and again afterwards. It is bound
 * all the time without being listened on, so that the system gives it to nobody else meanwhile.
 */
public final class HeldPort implements AutoCloseable {

    private final Socket holder = new Socket();

    private HeldPort() throws IOException {
        // whoever listens on it says the same, which servers do
        holder.setReuseAddress(true);
        holder.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    /** Takes any. */
    public static HeldPort any() {
        try {
            return new HeldPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int number() {
        return holder.getLocalPort();
    }

    /** Gives it back. */
    @Override
    public void close() {
        try {
            holder.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
