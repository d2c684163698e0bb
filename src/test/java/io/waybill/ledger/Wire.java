package io.waybill.ledger;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/** The way to a real database, which counts what becomes durable and fails when told to. */
final class Wire {

    private static final Set<String> WRITES = Set.of("execute", "executeUpdate", "executeBatch");

    private final DataSource real;
    private final AtomicInteger commits = new AtomicInteger();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger refuse = new AtomicInteger();
    private final AtomicInteger loseAnswers = new AtomicInteger();
    private volatile Error error;
    private volatile boolean refuseAfterCommit;
    private volatile Runnable meanwhile = () -> {};
    private volatile Runnable afterStatement = () -> {};

    Wire(DataSource real) {
        this.real = real;
    }

    DataSource dataSource() {
        return proxy(DataSource.class, (proxy, method, values) -> {
            Object answer = method.getName().equals("getConnection") ? connection() : call(real, method, values);
            return answer;
        });
    }

    /** Commits so far, and writes that were a commit of their own. */
    int commits() {
        return commits.get();
    }

    /** How often a connection was asked for so far. */
    int connections() {
        return connections.get();
    }

    /** The next connections are refused. */
    void refuse(int times) {
        refuse.set(times);
    }

    /** How many connections are still to be refused. */
    int toRefuse() {
        return refuse.get();
    }

    /** The next commits are made, but their answers are lost. */
    void loseAnswers(int times) {
        loseAnswers.set(times);
    }

    /** Every connection after the next commit is refused. */
    void refuseAfterCommit() {
        refuseAfterCommit = true;
    }

    /** What happens once when the next commit is made, before anybody is told of it. */
    void meanwhile(Runnable happens) {
        meanwhile = happens;
    }

    /** What happens from now on after each write that is a commit of its own, such as a sign of life. */
    void afterStatement(Runnable happens) {
        afterStatement = happens;
    }

    /** The next connection ends in an error that no program expects. */
    void fail(Error unexpected) {
        error = unexpected;
    }

    private Connection connection() throws SQLException {
        connections.incrementAndGet();
        if (error != null) {
            Error now = error;
            error = null;
            throw now;
        }
        if (refuse.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            throw new SQLException("connection refused", "08001");
        }
        Connection connection = real.getConnection();
        return proxy(Connection.class, (proxy, method, values) -> switch (method.getName()) {
            case "commit" -> commit(connection);
            case "prepareStatement" -> statement(connection, (PreparedStatement) call(connection, method, values));
            default -> call(connection, method, values);
        });
    }

    private Object commit(Connection connection) throws SQLException {
        connection.commit();
        commits.incrementAndGet();
        Runnable happens = meanwhile;
        meanwhile = () -> {};
        happens.run();
        if (refuseAfterCommit) {
            refuseAfterCommit = false;
            refuse(Integer.MAX_VALUE);
        }
        if (loseAnswers.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            throw new SQLException("the connection broke after the commit", "08006");
        }
        return null;
    }

    private PreparedStatement statement(Connection connection, PreparedStatement statement) {
        return proxy(PreparedStatement.class, (proxy, method, values) -> {
            boolean alone = WRITES.contains(method.getName()) && connection.getAutoCommit();
            Object answer = call(statement, method, values);
            if (alone) {
                commits.incrementAndGet();
                afterStatement.run();
            }
            return answer;
        });
    }

    private static Object call(Object target, java.lang.reflect.Method method, Object[] values) throws Throwable {
        try {
            return method.invoke(target, values);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
