package io.waybill.management;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.access.LocalToken;
import io.waybill.testing.CapturedLog;
import io.waybill.testing.QuickUsers;
import io.waybill.testing.SetClock;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoginsTest {

    private static final String BROWSER = "Mozilla/5.0 (X11; Linux x86_64)";

    @TempDir
    static Path folder;

    private static Running running;
    private static final SetClock CLOCK = new SetClock(Instant.parse("2026-01-01T00:00:00Z"));

    /** A clock that only the test moves. */
    @BeforeAll
    static void start() throws Exception {
        running = new Running(Running.settings(folder), CLOCK).withViewer().start();
    }

    @AfterAll
    static void stop() {
        running.close();
    }

    @BeforeEach
    void forgetFailures() {
        CLOCK.forward(Duration.ofHours(24));
    }

    @Test
    void aBrowserGetsThePageAndNoQuestionForAPassword() throws Exception {
        for (String path : new String[] {"/hawtio/", "/hawtio/camel/routes", "/observe/health", "/nothing"}) {
            HttpResponse<String> answer = browser(path, null);

            assertThat(answer.statusCode()).as(path).isEqualTo(401);
            assertThat(answer.headers().firstValue("WWW-Authenticate")).contains("Form realm=\"Waybill\"");
            assertThat(answer.body()).contains("<form method=\"post\" action=\"/hawtio/auth/login\">");
        }
    }

    @Test
    void oneLoginOpensEverythingUntilTheLogout() throws Exception {
        HttpResponse<String> login = logIn("admin", running.password);
        String set = login.headers().firstValue("Set-Cookie").orElseThrow();
        String cookie = set.split(";")[0];

        assertThat(login.statusCode()).isEqualTo(303);
        assertThat(login.headers().firstValue("Location")).contains("/hawtio/");
        assertThat(set)
                .contains("waybill-" + running.management.port() + "=", "HTTPOnly", "SameSite=Strict", "Path=/")
                .doesNotContain("Secure");
        for (String path : new String[] {"/hawtio/", "/hawtio/jolokia/version", "/observe/metrics"}) {
            assertThat(browser(path, cookie).statusCode()).as(path).isEqualTo(200);
        }
        assertThat(browser("/hawtio/user", cookie).body()).isEqualTo("\"admin\"");

        assertThat(browser("/hawtio/auth/logout", cookie).headers().firstValue("Set-Cookie"))
                .get()
                .asString()
                .contains("Max-Age=0");
        assertThat(browser("/hawtio/user", cookie).statusCode()).isEqualTo(401);
    }

    @Test
    void aSessionEndsWithoutUseAndWhatTheConsoleAsksByItselfIsNoUse() throws Exception {
        String cookie = cookie("admin", running.password);

        CLOCK.forward(Duration.ofMinutes(29));
        assertThat(browser("/hawtio/refresh", cookie).statusCode()).isEqualTo(204);
        CLOCK.forward(Duration.ofMinutes(29));
        assertThat(browser("/hawtio/jolokia/version", cookie).statusCode()).isEqualTo(200);
        CLOCK.forward(Duration.ofMinutes(2));

        assertThat(browser("/hawtio/jolokia/version", cookie).statusCode()).isEqualTo(401);
    }

    @Test
    void everySessionEndsAfterSomeHours() throws Exception {
        String cookie = cookie("admin", running.password);

        for (int i = 0; i < 12 * 3; i++) {
            CLOCK.forward(Duration.ofMinutes(20));
            assertThat(browser("/hawtio/refresh", cookie).statusCode()).isEqualTo(204);
        }
        CLOCK.forward(Duration.ofMinutes(1));

        assertThat(browser("/hawtio/refresh", cookie).statusCode()).isEqualTo(401);
    }

    @Test
    void aSessionAndARememberedPasswordEndWithTheUser() throws Exception {
        QuickUsers.add(folder.resolve("conf/users.properties"), "otto", "operator", "the first password");
        String cookie = cookie("otto", "the first password");
        assertThat(basic("otto", "the first password").statusCode()).isEqualTo(200);

        running.users.change("otto", Optional.empty(), "the second password");

        assertThat(browser("/hawtio/user", cookie).statusCode()).isEqualTo(401);
        assertThat(basic("otto", "the first password").statusCode()).isEqualTo(401);
        assertThat(basic("otto", "the second password").statusCode()).isEqualTo(200);

        running.users.remove("otto");

        assertThat(basic("otto", "the second password").statusCode()).isEqualTo(401);
    }

    @Test
    void aUsersFileThatIsBrokenWhileItRunsLetsNobodyNewIn() throws Exception {
        Path file = folder.resolve("conf/users.properties");
        String before = Files.readString(file);

        Files.writeString(file, before + "eve = operator, let me in please\n");

        assertThat(basic("eve", "let me in please").statusCode()).isEqualTo(401);
        assertThat(basic("admin", running.password).statusCode()).isEqualTo(200);
        Files.writeString(file, before);
    }

    @Test
    void whoFailsTooOftenIsLockedOutForAWhileEvenWithTheRightPassword() throws Exception {
        String cookie = cookie("admin", running.password);
        try (CapturedLog log = new CapturedLog()) {
            for (int i = 0; i < 5; i++) {
                assertThat(basic("admin", "guess-" + i).statusCode()).isEqualTo(401);
            }

            HttpResponse<String> locked = basic("admin", running.password);

            assertThat(locked.statusCode()).isEqualTo(429);
            assertThat(locked.headers().firstValue("Retry-After")).contains("61");
            assertThat(locked.body()).isEqualTo("too many failed logins; try again later\n");
            assertThat(logIn("admin", running.password).statusCode()).isEqualTo(429);
            assertThat(basic("vera", Running.VIEWERS_PASSWORD).statusCode()).isEqualTo(200);
            assertThat(browser("/hawtio/user", cookie).statusCode()).isEqualTo(200);
            assertThat(log.lines())
                    .anyMatch(line ->
                            line.contains("login of 'admin' from 127.0.0.1 failed, 5 of 5; locked out for 60 s"))
                    .noneMatch(line -> line.contains("guess-") || line.contains(running.password));
        }
        CLOCK.forward(Duration.ofSeconds(61));

        assertThat(basic("admin", running.password).statusCode()).isEqualTo(200);
    }

    @Test
    void anAddressThatTriesManyNamesIsLockedOutToo() throws Exception {
        for (int i = 0; i < 20; i++) {
            assertThat(basic("name-" + i + "\r\n", "guess").statusCode()).isEqualTo(401);
        }

        assertThat(basic("vera", Running.VIEWERS_PASSWORD).statusCode()).isEqualTo(429);
    }

    @Test
    void behindAProxyEverybodyIsLockedOutByHimself() throws Exception {
        try (CapturedLog log = new CapturedLog()) {
            for (int i = 0; i < 5; i++) {
                assertThat(passedOn("203.0.113.7", "guess")).isEqualTo(401);
            }

            assertThat(passedOn("203.0.113.7", running.password)).isEqualTo(429);
            assertThat(passedOn("203.0.113.8, 203.0.113.7", running.password)).isEqualTo(429);
            assertThat(passedOn("203.0.113.7, 10.0.0.9", running.password)).isEqualTo(429);
            assertThat(passedOn("203.0.113.8", running.password)).isEqualTo(200);
            assertThat(passedOn("203.0.113.7, 203.0.113.8", running.password)).isEqualTo(200);
            assertThat(passedOn("203.0.113.7, x\t", running.password)).isEqualTo(200);
            assertThat(basic("admin", running.password).statusCode()).isEqualTo(200);
            assertThat(log.lines()).anyMatch(line -> line.contains("login of 'admin' from 203.0.113.7 failed, 5 of 5"));
        }
    }

    @Test
    void theSessionIsForTlsOnlyWhereAProxyOfOursWasAskedByTls() throws Exception {
        for (String tls : List.of("https", "HTTPS", "http, https")) {
            assertThat(cookieBehindProxy(tls)).as(tls).contains("; Secure");
        }
        for (String none : List.of("http", "https, http", "", "httpsx")) {
            assertThat(cookieBehindProxy(none)).as(none).doesNotContain("Secure");
        }

        String[] logout = {
            "GET /hawtio/auth/logout HTTP/1.1", "Authorization: " + running.basic(), "X-Forwarded-Proto: https"
        };

        assertThat(running.raw(logout)).contains("Max-Age=0", "; Secure");
        // an address of this machine that is no proxy of ours
        assertThat(running.rawFrom("127.0.0.2", logout)).contains("Max-Age=0").doesNotContain("Secure");
        String passedOn = "X-Forwarded-For: 127.0.0.1";
        assertThat(running.rawFrom("127.0.0.2", logout[0], logout[1], logout[2], passedOn))
                .contains("Max-Age=0")
                .doesNotContain("Secure");
    }

    private String cookieBehindProxy(String askedBy) throws Exception {
        return running.sendPlain(form("admin", running.password).header("X-Forwarded-Proto", askedBy))
                .headers()
                .firstValue("Set-Cookie")
                .orElseThrow();
    }

    private int passedOn(String forwardedFor, String password) throws Exception {
        return running.sendPlain(running.request("/hawtio/user")
                        .header("X-Forwarded-For", forwardedFor)
                        .header("Authorization", Running.basic("admin", password)))
                .statusCode();
    }

    @Test
    void theCommandLineComesInWithItsToken() throws Exception {
        String token = LocalToken.read(folder.resolve("conf/waybill.token"));

        assertThat(bearer(token).body()).isEqualTo("\"" + System.getProperty("user.name") + "\"");
        assertThat(bearer(token + "x").statusCode()).isEqualTo(401);
        assertThat(bearer("").statusCode()).isEqualTo(401);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("conf/waybill.token"))))
                .isEqualTo("rw-------");
    }

    @Test
    void aLoginFromAPageOfAnotherSiteIsRefused() throws Exception {
        HttpRequest.Builder request = form("admin", running.password).header("Origin", "http://other.example");

        assertThat(running.sendPlain(request).statusCode()).isEqualTo(403);
    }

    private HttpResponse<String> browser(String path, String cookie) throws Exception {
        HttpRequest.Builder request = running.request(path).header("User-Agent", BROWSER);
        return running.sendPlain(cookie == null ? request : request.header("Cookie", cookie));
    }

    private HttpResponse<String> logIn(String user, String password) throws Exception {
        return running.sendPlain(form(user, password));
    }

    private HttpRequest.Builder form(String user, String password) {
        String text = "username=" + URLEncoder.encode(user, StandardCharsets.UTF_8) + "&password="
                + URLEncoder.encode(password, StandardCharsets.UTF_8);
        return running.request("/hawtio/auth/login")
                .header("User-Agent", BROWSER)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(text));
    }

    private String cookie(String user, String password) throws Exception {
        return logIn(user, password)
                .headers()
                .firstValue("Set-Cookie")
                .orElseThrow()
                .split(";")[0];
    }

    private HttpResponse<String> basic(String user, String password) throws Exception {
        return running.sendPlain(
                running.request("/hawtio/user").header("Authorization", Running.basic(user, password)));
    }

    private HttpResponse<String> bearer(String token) throws Exception {
        return running.sendPlain(running.request("/hawtio/user").header("Authorization", "Bearer " + token));
    }
}
