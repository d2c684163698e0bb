package io.waybill.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;

/**
 * A man in the middle of TCP connections to a port of this machine, who makes the trouble that networks make.
 *
 * <ol>
 *   <li>What is said passes, in both directions, until something else is asked for.
 *   <li>{@link #refuse} closes its port and all connections, {@link #pass} opens the same port again.
 *   <li>{@link #next} takes one {@link Trouble} for each of the next requests; a request is what a client says after silence.
 *   <li>{@link #cutAtAnswer} cuts a connection in the place of an answer that holds a text, which the server did give.
 * </ol>
 */
public final class TcpProxy implements AutoCloseable {

    private static final int LOOK_MS = 500;

    private final int target;
    private final SSLContext tls;
    private final List<Trouble> troubles = new ArrayList<>();
    private final List<Runnable> held = new CopyOnWriteArrayList<>();
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger spared = new AtomicInteger();
    private final AtomicInteger cuts = new AtomicInteger();
    private volatile String cutAt = "";
    private volatile int idleMs;
    private ServerSocket server;
    private final HeldPort place;
    private final int port;

    private TcpProxy(int target, HeldPort place, int port, SSLContext tls) {
        this.target = target;
        this.place = place;
        this.port = port;
        this.tls = tls;
        pass();
    }

    /** A proxy on any port. */
    public static TcpProxy to(int target) {
        return on(HeldPort.any(), target, null);
    }

    /** A proxy on a port of before; with a context it speaks TLS with its clients. */
    public static TcpProxy to(int target, int port, SSLContext tls) {
        return port == 0 ? on(HeldPort.any(), target, tls) : new TcpProxy(target, null, port, tls);
    }

    private static TcpProxy on(HeldPort place, int target, SSLContext tls) {
        return new TcpProxy(target, place, place.number(), tls);
    }

    public int port() {
        return port;
    }

    /** How many requests came so far. */
    public int requests() {
        return requests.get();
    }

    /** What happens to the next requests, one each. */
    public void next(Trouble... next) {
        synchronized (troubles) {
            troubles.addAll(Arrays.asList(next));
        }
    }

    /** How many requests are held. */
    public int held() {
        return held.size();
    }

    /** Lets the request that is held the longest go on. */
    public void deliver() {
        held.remove(0).run();
    }

    /** The next so many answers with this text in them are lost together with their connections. */
    public void cutAtAnswer(String text, int times) {
        cutAtAnswer(text, 0, times);
    }

    /** As {@link #cutAtAnswer(String, int)}, after so many that pass. */
    public void cutAtAnswer(String text, int after, int times) {
        spared.set(after);
        cuts.set(times);
        cutAt = text;
    }

    /** How many such answers are still to be lost. */
    public int toCut() {
        return cuts.get();
    }

    /** Connections on which nothing was said for so long are closed by the server's side. */
    public void closeIdleAfter(Duration time) {
        idleMs = (int) time.toMillis();
    }

    /** How many connections stand. */
    public int open() {
        return links.size();
    }

    /** Breaks every connection. */
    public void cut() {
        links.forEach(Link::reset);
    }

    /** Nobody is there any more. */
    public synchronized void refuse() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        cut();
    }

    /** Somebody is there (again). */
    public synchronized void pass() {
        try {
            ServerSocket next = tls == null
                    ? new ServerSocket()
                    : tls.getServerSocketFactory().createServerSocket();
            next.setReuseAddress(true);
            next.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
            server = next;
            start("accept", () -> accept(next));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        refuse();
        if (place != null) {
            place.close();
        }
    }

    private void accept(ServerSocket from) throws IOException {
        while (true) {
            Socket client = from.accept();
            Link link = new Link(client);
            links.add(link);
            if (from.isClosed()) {
                // it came in the very moment in which nobody was to be there any more
                link.reset();
            }
            start("requests", link::requests);
        }
    }

    private Trouble trouble(byte[] chunk) {
        requests.incrementAndGet();
        synchronized (troubles) {
            for (Trouble trouble : troubles) {
                if (trouble.fits(chunk)) {
                    troubles.remove(trouble);
                    return trouble;
                }
            }
        }
        return null;
    }

    private boolean lost(byte[] answer) {
        return !cutAt.isEmpty()
                && new String(answer, StandardCharsets.ISO_8859_1).contains(cutAt)
                && spared.getAndUpdate(left -> Math.max(0, left - 1)) == 0
                && cuts.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
    }

    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    private static void start(String name, Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException | InterruptedException e) {
                        // one of the two sides is gone, which is what proxies are for
                    }
                },
                "proxy-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    /** One connection of a client, and the one to the server that belongs to it. */
    private final class Link {

        private final Socket client;
        private volatile Socket upstream;
        private volatile Trouble trouble;
        private volatile boolean keep;
        private volatile boolean answered;

        Link(Socket client) {
            this.client = client;
        }

        void requests() throws IOException, InterruptedException {
            try {
                client.setTcpNoDelay(true);
                InputStream in = client.getInputStream();
                byte[] buffer = new byte[64 << 10];
                connect();
                for (int n = read(in, buffer); n >= 0; n = read(in, buffer)) {
                    byte[] chunk = Arrays.copyOf(buffer, n);
                    trouble = trouble(chunk);
                    if (trouble == null) {
                        upstream.getOutputStream().write(chunk);
                    } else {
                        make(chunk);
                    }
                }
            } finally {
                if (!keep) {
                    close();
                }
            }
        }

        private int read(InputStream in, byte[] buffer) throws IOException {
            while (true) {
                client.setSoTimeout(idleMs > 0 ? idleMs : LOOK_MS);
                try {
                    int n = in.read(buffer);
                    answered = false;
                    return n;
                } catch (SocketTimeoutException silence) {
                    if (idleMs > 0 && answered) {
                        return -1;
                    }
                }
            }
        }

        private void make(byte[] chunk) throws IOException {
            OutputStream out = upstream.getOutputStream();
            switch (trouble.kind()) {
                case CLOSE_UNSEEN -> close();
                case CUT_REQUEST -> {
                    out.write(chunk, 0, Math.min(trouble.bytes(), chunk.length));
                    out.flush();
                    reset();
                }
                case HOLD -> {
                    keep = true;
                    held.add(() -> {
                        try {
                            trouble = null;
                            out.write(chunk);
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    });
                }
                default -> out.write(chunk);
            }
        }

        private void connect() throws IOException {
            upstream = new Socket(InetAddress.getLoopbackAddress(), target);
            upstream.setTcpNoDelay(true);
            start("answers", this::answers);
        }

        private void answers() throws IOException, InterruptedException {
            try {
                InputStream in = upstream.getInputStream();
                byte[] buffer = new byte[64 << 10];
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    byte[] chunk = Arrays.copyOf(buffer, n);
                    if (lost(chunk)) {
                        reset();
                        return;
                    }
                    answer(chunk);
                    answered = true;
                }
            } finally {
                close();
            }
        }

        private void answer(byte[] chunk) throws IOException, InterruptedException {
            OutputStream out = client.getOutputStream();
            Trouble now = trouble;
            switch (now == null ? Trouble.Kind.HOLD : now.kind()) {
                case RESET_AFTER_REQUEST -> reset();
                case CUT_ANSWER -> {
                    out.write(chunk, 0, Math.min(now.bytes(), chunk.length));
                    close();
                }
                case DELAY_ANSWER -> {
                    TimeUnit.MILLISECONDS.sleep(now.every().toMillis());
                    out.write(chunk);
                }
                case DRIP_ANSWER -> {
                    for (byte each : chunk) {
                        out.write(each);
                        TimeUnit.MILLISECONDS.sleep(now.every().toMillis());
                    }
                }
                case ENDLESS -> {
                    out.write(now.head().getBytes(StandardCharsets.ISO_8859_1));
                    byte[] units = now.unit()
                            .repeat(64 * 1024 / now.unit().length() + 1)
                            .getBytes(StandardCharsets.ISO_8859_1);
                    while (true) {
                        out.write(units);
                        TimeUnit.MILLISECONDS.sleep(1);
                    }
                }
                default -> out.write(chunk);
            }
        }

        private void reset() {
            for (Socket socket : sockets()) {
                try {
                    if (socket != upstream || trouble == null || trouble.kind() == Trouble.Kind.CUT_REQUEST) {
                        socket.setSoLinger(true, 0);
                    }
                } catch (IOException e) {
                    // closed already
                }
            }
            close();
        }

        private void close() {
            for (Socket socket : sockets()) {
                try {
                    socket.close();
                } catch (IOException e) {
                    // closed already
                }
            }
            links.remove(this);
        }

        private List<Socket> sockets() {
            return upstream == null ? List.of(client) : List.of(client, upstream);
        }
    }
}
