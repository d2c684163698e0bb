package io.waybill.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.access.Limits;
import io.waybill.testing.TlsKey;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest {

    private static final String PASSWORD = "changeit";

    @TempDir
    Path folder;

    @Test
    void thePortSpeaksTlsAndItsCookieLeavesItByNoOtherWay() throws Exception {
        TlsKey.in(folder);
        Tls tls = Tls.open(folder.resolve("key.p12"), PASSWORD);
        try (Running running = new Running(
                        Running.settings(folder, Limits.DEFAULT, Duration.ofSeconds(30), Optional.of(tls)),
                        Clock.systemUTC())
                .start()) {
            String address = "https://127.0.0.1:" + running.management.port();
            HttpClient client =
                    HttpClient.newBuilder().sslContext(believing(tls)).build();

            HttpResponse<String> login = client.send(
                    HttpRequest.newBuilder(URI.create(address + "/hawtio/auth/login"))
                            .header("Content-Type", "application/x-www-form-urlencoded")
                            .POST(BodyPublishers.ofString("username=admin&password=" + running.password))
                            .build(),
                    BodyHandlers.ofString());

            assertThat(login.statusCode()).isEqualTo(303);
            assertThat(login.headers().firstValue("Set-Cookie"))
                    .get()
                    .asString()
                    .contains("Secure");
            assertThat(running.raw("GET /hawtio/ HTTP/1.1", "Authorization: " + running.basic()))
                    .doesNotContain("HTTP/1.1 200");
        }
    }

    @Test
    void aKeyStoreThatIsWrongIsRefused() throws Exception {
        TlsKey.in(folder);
        Path key = folder.resolve("key.p12");
        Path text = Files.writeString(folder.resolve("text.p12"), "no key store");
        Path empty = folder.resolve("empty.p12");
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        try (var out = Files.newOutputStream(empty)) {
            store.store(out, PASSWORD.toCharArray());
        }

        assertThatThrownBy(() -> Tls.open(key, "wrong"))
                .hasMessageStartingWith("open the key store '" + key + "' of waybill.management.key-store: ")
                .hasMessageContaining("password was incorrect");
        assertThatThrownBy(() -> Tls.open(folder.resolve("none"), PASSWORD))
                .hasMessageContaining("NoSuchFileException");
        assertThatThrownBy(() -> Tls.open(text, PASSWORD))
                .hasMessageStartingWith("open the key store '" + text + "' of waybill.management.key-store: ");
        assertThatThrownBy(() -> Tls.open(empty, PASSWORD)).hasMessageEndingWith("it holds no private key");
    }

    private static SSLContext believing(Tls tls) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("own", tls.certificate());
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
