package io.waybill.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.waybill.management.Broken;
import io.waybill.management.Running;
import jakarta.jms.JMSException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.StreamSupport;
import javax.sql.DataSource;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HealthTest {

    @TempDir
    Path folder;

    private Running running;
    private DataSource database;

    @BeforeEach
    void prepare() throws Exception {
        JdbcDataSource memory = new JdbcDataSource();
        memory.setURL("jdbc:h2:mem:health");
        // the first connection loads classes, and a check waits for two seconds only
        memory.getConnection().close();
        database = memory;
        running = new Running(folder);
    }

    @AfterEach
    void stop() {
        running.close();
    }

    @Test
    void aStartedRouteAndADatabaseAreHealthy() throws Exception {
        start();

        assertUp("/observe/health");
        assertUp("/observe/health/ready");
        assertUp("/observe/health/live");
    }

    @Test
    void withoutAStartedRouteNothingIsReady() throws Exception {
        start();

        running.main.getCamelContext().getRouteController().stopRoute("parcel");

        assertDown("started-routes", "no route is started");
    }

    @Test
    void withoutAnyRouteNothingIsReady() throws Exception {
        running.main.configure().setRoutesIncludePattern("file:" + folder + "/*.none");
        start();

        assertDown("started-routes", "no route is started");
    }

    @Test
    void withoutADatabaseNothingIsReady() throws Exception {
        running.start();

        assertDown("database", "no database 'ledgerDb' is bound");
    }

    @Test
    void aDatabaseThatRefusesIsNamedAndTheProcessStaysAlive() throws Exception {
        database = new Broken() {
            @Override
            public Connection getConnection() throws SQLException {
                throw new SQLException("connection refused");
            }
        };
        start();

        assertDown("database", "the database cannot be reached: connection refused");
        assertUp("/observe/health/live");
    }

    @Test
    void aDatabaseThatHangsCostsTwoSecondsAndOneQuestion() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        CountDownLatch never = new CountDownLatch(1);
        database = new Broken() {
            @Override
            public Connection getConnection() throws SQLException {
                asked.incrementAndGet();
                try {
                    never.await();
                } catch (InterruptedException stopped) {
                    Thread.currentThread().interrupt();
                }
                throw new SQLException("late");
            }
        };
        start();

        assertDown("database", "the database did not answer within 2 s");
        assertDown("database", "the database did not answer within 2 s");

        assertThat(asked).hasValue(1);
        never.countDown();
    }

    @Test
    void aBrokerThatTakesNoConnectionIsNotReadyAndTheProcessStaysAlive() throws Exception {
        ActiveMQConnectionFactory nobody = new ActiveMQConnectionFactory("tcp://127.0.0.1:1?initialConnectAttempts=1");
        // the first attempt loads classes, and a check waits for two seconds only
        assertThatThrownBy(nobody::createConnection).isInstanceOf(JMSException.class);
        running.main.bind("broker", nobody);
        start();

        JsonNode health =
                new ObjectMapper().readTree(running.get("/observe/health/ready").body());

        assertThat(health.path("status").asText()).isEqualTo("DOWN");
        assertThat(StreamSupport.stream(health.path("checks").spliterator(), false)
                        .filter(node -> node.path("status").asText().equals("DOWN"))
                        .map(node -> node.path("name").asText() + " "
                                + node.path("message").asText()))
                .singleElement()
                .satisfies(broker -> assertThat(broker).startsWith("broker the broker cannot be reached: "));
        assertUp("/observe/health/live");
    }

    private void start() {
        running.main.bind("ledgerDb", database);
        running.start();
    }

    private void assertUp(String path) throws Exception {
        HttpResponse<String> answer = running.get(path);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(new ObjectMapper().readTree(answer.body()).path("status").asText())
                .isEqualTo("UP");
    }

    private void assertDown(String check, String message) throws Exception {
        HttpResponse<String> answer = running.get("/observe/health");
        JsonNode health = new ObjectMapper().readTree(answer.body());

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(health.path("status").asText()).isEqualTo("DOWN");
        assertThat(StreamSupport.stream(health.path("checks").spliterator(), false)
                        .filter(node -> node.path("name").asText().equals(check)))
                .singleElement()
                .satisfies(node -> {
                    assertThat(node.path("status").asText()).isEqualTo("DOWN");
                    assertThat(node.path("message").asText()).isEqualTo(message);
                });
    }
}
