package io.waybill.management;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConsoleTest {

    @TempDir
    static Path folder;

    private static Running running;

    @BeforeAll
    static void start() throws Exception {
        running = new Running(folder).start();
    }

    @AfterAll
    static void stop() {
        running.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/hawtio"})
    void theConsoleIsFoundWithoutItsPath(String path) throws Exception {
        HttpResponse<String> answer = running.get(path);

        assertThat(answer.statusCode()).isEqualTo(302);
        assertThat(answer.headers().firstValue("Location")).contains("/hawtio/");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/hawtio/", "/hawtio/index.html", "/hawtio/camel/routes", "/hawtio/jmx", "/hawtio/camel/"})
    void everyViewIsThePageWithItsBase(String path) throws Exception {
        HttpResponse<String> answer = running.get(path);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).get().asString().startsWith("text/html");
        assertThat(answer.body())
                .contains("<base href=\"/hawtio/\">")
                .containsOnlyOnce("<script src=\"/hawtio/plain-address.js\"></script>"
                        + "<script src=\"/hawtio/route-reasons.js\"></script><script defer=");
    }

    @ParameterizedTest
    @CsvSource({
        "static/media/RedHatTextVF.c33624692c8b41e36780.woff2, font/woff2",
        "static/js/main.8fd02e46.js, text/javascript",
        "favicon.ico, image/x-icon",
        "img/hawtio-logo.svg, image/svg+xml"
    })
    void filesArriveByteForByte(String file, String type) throws Exception {
        HttpResponse<byte[]> answer = running.bytes("/hawtio/" + file);

        assertThat(answer.headers().firstValue("Content-Type")).get().asString().startsWith(type);
        try (InputStream packed = getClass().getResourceAsStream("/hawtio-static/" + file)) {
            assertThat(answer.body()).isEqualTo(packed.readAllBytes());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/hawtio/nothing.js", "/hawtio/static/nothing.woff2", "/hawtio/.hidden", "/hawtio/jolokiax.y"})
    void aFileThatIsNotThereIsNotFound(String path) throws Exception {
        assertThat(running.get(path).statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "user | \"admin\"",
                "plugin | []",
                "proxy/enabled | false",
                "keycloak/enabled | false",
                "auth/config | {}",
                "auth/config/session-timeout | {\"timeout\":1800,\"now\":0,\"req\":0}"
            })
    void theConsoleIsToldWhatItAsksFor(String path, String body) throws Exception {
        HttpResponse<String> answer = running.get("/hawtio/" + path);

        assertThat(answer.body()).isEqualTo(body);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
    }

    @Test
    void theConsoleConnectsToNoOtherMachine() throws Exception {
        assertThat(running.get("/hawtio/hawtconfig.json").body())
                .contains("\"appName\":\"Waybill\"")
                .contains("\"disabledRoutes\":[\"/connect\",\"/diagnostics\",\"/runtime\"]");
    }

    @Test
    void aBrowserIsToldToAskNoOtherHost() throws Exception {
        var headers = running.get("/hawtio/").headers();

        assertThat(headers.firstValue("Content-Security-Policy"))
                .contains(
                        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
                                + "font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; object-src 'none'; "
                                + "base-uri 'self'; form-action 'self'; frame-ancestors 'none'");
        assertThat(headers.firstValue("X-Frame-Options")).contains("DENY");
        assertThat(headers.firstValue("Cache-Control")).contains("private, no-cache");
    }

    @Test
    void theConsoleTakesNothingButQuestions() throws Exception {
        var post = running.request("/hawtio/index.html").POST(BodyPublishers.ofString("x"));

        assertThat(running.send(post).statusCode()).isEqualTo(405);
    }
}
