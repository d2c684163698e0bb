package io.waybill.management;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.access.Limits;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordTest {

    @TempDir
    static Path folder;

    private static Running running;

    @BeforeAll
    static void start() throws Exception {
        Limits patient = new Limits(Duration.ofMinutes(1), Duration.ofHours(1), 1000, Duration.ofSeconds(1));
        running = new Running(
                        Running.settings(folder, patient, Duration.ofSeconds(30), Optional.empty()), Clock.systemUTC())
                .start();
    }

    @AfterAll
    static void stop() {
        running.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "//",
                "/nothing",
                "/observe",
                "/observe/health",
                "/observe/health/",
                "/observe/health/live",
                "/observe/health/ready",
                "/observe/metrics",
                "/observe/info",
                "/observe/jolokia",
                "/q/health",
                "/q/dev",
                "/q/upload/x",
                "/q/download/x",
                "/q/send",
                "/hawtio",
                "/hawtio/",
                "/hawtio//",
                "//hawtio//index.html",
                "///",
                "/HAWTIO/",
                "/hawtio/index.html",
                "/hawtio/..;/",
                "/hawtio/;/index.html",
                "/hawtio/../observe/health",
                "/hawtio/%2e%2e/observe/metrics",
                "/hawtio/%2e%2e%2f%2e%2e%2fetc/passwd",
                "/hawtio/..%5c..%5cusers.properties",
                "/hawtio/%00",
                "/%68awtio/",
                "/hawtio/jolokia",
                "/hawtio/jolokia/",
                "/hawtio/jolokia/version",
                "/hawtio/jolokia?p=version",
                "/hawtio/user",
                "/hawtio/hawtconfig.json",
                "/hawtio/auth/login",
                "/hawtio/static/js/main.8fd02e46.js",
                "/favicon.ico",
                "/?authorization=x",
                "http://127.0.0.1/hawtio/",
                "http://other.example/observe/metrics"
            })
    void noPathAnswersWithoutThePassword(String path) throws Exception {
        for (String method :
                new String[] {"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "FOO"}) {
            String answer = running.raw(method + " " + path + " HTTP/1.1");

            assertThat(answer).as(method + " " + path).startsWith("HTTP/1.1 401 ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "x", "hawtio/"})
    void aTargetThatIsNoPathReachesNothing(String target) throws Exception {
        String answer = running.raw("GET " + target + " HTTP/1.1");

        assertThat(answer).matches("(?s)HTTP/1\\.1 40[14] .*").doesNotContain("hawtio");
    }

    @Test
    void aPreflightIsNotLetPastThePassword() throws Exception {
        String answer = running.raw(
                "OPTIONS /hawtio/jolokia/ HTTP/1.1",
                "Origin: http://other.example",
                "Access-Control-Request-Method: POST",
                "Access-Control-Request-Headers: authorization");

        assertThat(answer).startsWith("HTTP/1.1 401 ").doesNotContainIgnoringCase("access-control-allow");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Basic",
                "Basic ",
                "Basic :",
                "Basic !!!",
                "Basic YWRtaW4=",
                "Basic YWRtaW46",
                "Basic Og==",
                "Basic YWRtaW46d3Jvbmc=",
                "Bearer x",
                "Digest username=admin"
            })
    void aWrongPasswordIsRefused(String authorization) throws Exception {
        String answer = running.raw("GET /observe/health HTTP/1.1", "Authorization: " + authorization);

        assertThat(answer).matches("(?s)HTTP/1\\.1 40[01] .*").doesNotContain("UP");
    }

    @Test
    void thePasswordOpensThePortAndARefusalNamesOnlyTheRealm() throws Exception {
        String refused = running.raw("GET /observe/health HTTP/1.1");
        String opened = running.raw("GET /observe/metrics HTTP/1.1", "Authorization: " + running.basic());

        assertThat(refused.toLowerCase()).contains("www-authenticate: basic realm=\"waybill\"");
        assertThat(opened).startsWith("HTTP/1.1 200 ").contains("waybill");
    }

    @Test
    void aRefusalCarriesTheHeadersToo() throws Exception {
        String refused = running.raw("GET /hawtio/ HTTP/1.1");

        assertThat(refused)
                .contains("Content-Security-Policy: default-src 'self'")
                .contains("frame-ancestors 'none'")
                .contains("X-Content-Type-Options: nosniff")
                .contains("Referrer-Policy: same-origin");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"})
    void noOtherMethodDoesAnythingEvenWithThePassword(String method) throws Exception {
        String answer = running.raw(method + " /hawtio/jolokia/ HTTP/1.1", "Authorization: " + running.basic());

        assertThat(answer).matches("(?s)HTTP/1\\.1 40[45] .*");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/hawtio/../conf/users.properties",
                "/hawtio/%2e%2e/conf/users.properties",
                "/hawtio/%2e%2e%2fjolokia-access.xml",
                "/hawtio/..%5cjolokia-access.xml",
                "/hawtio/..;/jolokia-access.xml",
                "/hawtio//etc/passwd",
                "/hawtio/%2fetc%2fpasswd.x",
                "/hawtio/static/../../jolokia-access.xml"
            })
    void thePasswordOpensNoFileOutsideTheConsole(String path) throws Exception {
        String answer = running.raw("GET " + path + " HTTP/1.1", "Authorization: " + running.basic());

        assertThat(answer)
                .matches("(?s)HTTP/1\\.1 (400|404|200) .*")
                .doesNotContain("pbkdf2")
                .doesNotContain("<restrict>")
                .doesNotContain("root:");
    }
}
