package io.waybill.sink;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.core5.ssl.SSLContextBuilder;

/** Host labels.example.com, on loopback, with a key of its own making that only its {@link #network} believes. */
final class LabelServer implements AutoCloseable {

    static final String HOST = "labels.example.com";

    final SSLContext trust;
    final List<HttpExchange> requests = new CopyOnWriteArrayList<>();
    private final HttpsServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    LabelServer(SSLContext key) throws IOException {
        trust = key;
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(trust));
        server.setExecutor(threads);
        server.start();
    }

    /** What is answered at a path. */
    LabelServer at(String path, HttpHandler handler) {
        server.createContext(path, exchange -> {
            requests.add(exchange);
            try (exchange) {
                handler.handle(exchange);
            }
        });
        return this;
    }

    /** A status and bytes at a path. */
    LabelServer at(String path, int status, byte[] body) {
        return at(path, exchange -> {
            exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        });
    }

    /** A world in which every host is this server and loopback is allowed. */
    LabelDownload.Network network(Duration patience) {
        return network(resolver(InetAddress.getLoopbackAddress()), patience);
    }

    LabelDownload.Network network(DnsResolver lookup, Duration patience) {
        return new LabelDownload.Network(lookup, InetAddress::isLoopbackAddress, trust, patience);
    }

    /** Every host has these addresses, at the port of this server. */
    DnsResolver resolver(InetAddress... addresses) {
        return resolver(server.getAddress().getPort(), () -> List.of(addresses));
    }

    /** Every host has the addresses of the moment, at the port of this server. */
    DnsResolver resolver(Supplier<List<InetAddress>> addresses) {
        return resolver(server.getAddress().getPort(), addresses);
    }

    /** Every host has the addresses of the moment, at another port. */
    static DnsResolver resolver(int port, Supplier<List<InetAddress>> addresses) {
        return new DnsResolver() {
            @Override
            public List<InetSocketAddress> resolve(String host, int ignored) {
                return addresses.get().stream()
                        .map(address -> new InetSocketAddress(address, port))
                        .toList();
            }

            @Override
            public InetAddress[] resolve(String host) {
                return addresses.get().toArray(InetAddress[]::new);
            }

            @Override
            public String resolveCanonicalHostname(String host) {
                return host;
            }
        };
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    /** A key for the host, and the belief in it. */
    static SSLContext key(Path folder) throws IOException, GeneralSecurityException, InterruptedException {
        Path file = folder.resolve("key.p12");
        String keytool =
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        String options = "-genkeypair -alias key -keyalg EC -groupname secp256r1 -validity 2 -dname CN=" + HOST
                + " -ext san=dns:" + HOST + " -storetype PKCS12 -storepass changeit -keystore ";
        List<String> words = new ArrayList<>(List.of(options.split(" ")));
        words.add(0, keytool);
        words.add(file.toString());
        int code = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
        if (code != 0) {
            throw new IOException("keytool: " + code);
        }
        char[] password = "changeit".toCharArray();
        return SSLContextBuilder.create()
                .loadKeyMaterial(file, password, password)
                .loadTrustMaterial(file, password)
                .build();
    }
}
