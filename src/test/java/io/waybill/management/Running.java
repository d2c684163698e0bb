package io.waybill.management;

import io.waybill.access.Limits;
import io.waybill.access.UsersFile;
import io.waybill.testing.Patience;
import io.waybill.testing.QuickUsers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import org.apache.camel.main.Main;

/** A real Camel with one route from a YAML file and its management port, and a client for it. */
public final class Running implements AutoCloseable {

    private static final String ROUTE =
            """
            - route:
                id: parcel
                from:
                  uri: direct:parcel
                  steps:
                    - setBody:
                        id: weigh
                        expression:
                          constant:
                            expression: weighed
            """;

    /** Its name is {@code vera}. */
    static final String VIEWERS_PASSWORD = "only looking";

    private static final Set<String> PROXIES = Set.of("127.0.0.1", "10.0.0.9");

    public final Main main = new Main();
    public final Management management;
    final UsersFile users;
    final String password = "a random password";
    private final Path usersFile;
    private final HttpClient client = HttpClient.newHttpClient();

    public Running(Path folder) throws IOException {
        this(settings(folder), Clock.systemUTC());
    }

    public Running(ManagementSettings settings, Clock clock) throws IOException {
        usersFile = settings.usersFile();
        users = new UsersFile(usersFile);
        QuickUsers.add(usersFile, "admin", "operator", password);
        prepare(main, settings.tokenFile().getParent().getParent());
        management = Management.configure(main, settings, clock);
    }

    public static ManagementSettings settings(Path folder) {
        return settings(folder, Limits.DEFAULT, Duration.ofSeconds(30), Optional.empty());
    }

    static ManagementSettings settings(Path folder, Limits limits, Duration patience, Optional<Tls> tls) {
        Path conf = folder.resolve("conf");
        return new ManagementSettings(
                true,
                "127.0.0.1",
                0,
                conf.resolve("users.properties"),
                conf.resolve("waybill.token"),
                limits,
                patience,
                tls,
                PROXIES,
                false);
    }

    /** With somebody beside {@code admin} who may only look. */
    Running withViewer() {
        QuickUsers.add(usersFile, "vera", "viewer", VIEWERS_PASSWORD);
        return this;
    }

    public static void prepare(Main main, Path folder) throws IOException {
        Files.writeString(folder.resolve("parcel.camel.yaml"), ROUTE);
        main.configure().withName("waybill");
        main.configure().withRoutesIncludePattern("file:" + folder + "/*.camel.yaml");
        main.configure().withShutdownTimeout(2);
    }

    public Running start() {
        main.start();
        return this;
    }

    public HttpResponse<String> get(String path) throws Exception {
        return send(request(path));
    }

    HttpResponse<String> post(String path, String body) throws Exception {
        return send(request(path).POST(BodyPublishers.ofString(body)));
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.header("Authorization", basic()).build(), BodyHandlers.ofString());
    }

    /** Without a login of its own. */
    HttpResponse<String> sendPlain(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    HttpResponse<byte[]> bytes(String path) throws Exception {
        return client.send(request(path).header("Authorization", basic()).build(), BodyHandlers.ofByteArray());
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + management.port() + path));
    }

    String basic() {
        return basic(password);
    }

    static String basic(String password) {
        return basic("admin", password);
    }

    static String basic(String user, String password) {
        byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(pair);
    }

    /** Sends the lines as they are, which no client library would, and reads the answer to its end. */
    String raw(String... lines) throws IOException {
        return rawFrom("127.0.0.1", lines);
    }

    /** The same, from another address of this machine. */
    String rawFrom(String address, String... lines) throws IOException {
        InetAddress own = InetAddress.getByName(address);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), management.port(), own, 0)) {
            socket.setSoTimeout(Patience.MILLIS);
            String request = String.join("\r\n", lines) + "\r\nHost: a\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    @Override
    public void close() {
        main.stop();
        management.close();
    }
}
