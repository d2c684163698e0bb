package io.waybill.sink;

import io.waybill.ledger.Claim;
import io.waybill.ledger.Sql;
import java.io.PrintWriter;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.ParameterMetaData;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.Arrays;
import java.util.logging.Logger;
import javax.sql.DataSource;

/**
 * The data source of the sink routes: rows written through it become durable together with the order's own commit.
 *
 * <ol>
 *   <li>While an order is being settled on this thread, an insert, update or delete is handed to its {@link Claim}.
 *   <li>The ledger writes it in the same transaction that marks the sink as done; so there is no row without its mark and
 *       no mark without its row, and the rows of many orders share a commit.
 *   <li>Everywhere else, and for queries, it is the ledger's ordinary data source.
 * </ol>
 *
 * <p>A joined statement reports one changed row, since it runs later; a route that must know the count names the data
 * source {@code ledgerDb} instead and has a commit of its own.
 */
public final class JoinedDataSource implements DataSource {

    private final DataSource plain;
    private final ThreadLocal<Claim> settling = new ThreadLocal<>();

    public JoinedDataSource(DataSource plain) {
        this.plain = plain;
    }

    /** From now on this thread's rows belong to that order. */
    public void join(Claim claim) {
        settling.set(claim);
    }

    /** From now on this thread's rows are its own affair again. */
    public void leave() {
        settling.remove();
    }

    @Override
    public Connection getConnection() throws SQLException {
        Claim claim = settling.get();
        return claim == null ? plain.getConnection() : proxy(Connection.class, connection(claim));
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        throw new SQLFeatureNotSupportedException("sinks use the ledger's own user");
    }

    private InvocationHandler connection(Claim claim) {
        return (proxy, method, values) -> switch (method.getName()) {
            case "prepareStatement" -> statement(claim, (String) values[0]);
            case "getAutoCommit" -> true;
            case "isClosed" -> false;
            case "toString" -> "joined rows of " + claim.key();
            case "setAutoCommit", "commit", "rollback", "close" -> null;
            default -> throw unsupported(method.getName());
        };
    }

    private Object statement(Claim claim, String sql) throws SQLException {
        if (!sql.stripLeading().regionMatches(true, 0, "insert", 0, 6)
                && !sql.stripLeading().regionMatches(true, 0, "update", 0, 6)
                && !sql.stripLeading().regionMatches(true, 0, "delete", 0, 6)) {
            throw new SQLFeatureNotSupportedException(
                    "only insert, update and delete join an order's commit; name the data source 'ledgerDb' for a query");
        }
        Object[] values = new Object
                [(int) sql.replaceAll("'[^']*'", "")
                        .chars()
                        .filter(c -> c == '?')
                        .count()];
        return proxy(PreparedStatement.class, (proxy, method, arguments) -> switch (method.getName()) {
            case "setObject", "setString", "setNull" -> {
                values[(int) arguments[0] - 1] = method.getName().equals("setNull") ? null : arguments[1];
                yield null;
            }
            case "getParameterMetaData" -> proxy(ParameterMetaData.class, (meta, call, none) -> values.length);
            case "execute" -> {
                claim.sinks().join(new Sql(sql, Arrays.asList(values.clone())));
                yield false;
            }
            case "getUpdateCount" -> 1;
            case "close", "setFetchSize", "setMaxRows", "setQueryTimeout" -> null;
            default -> throw unsupported(method.getName());
        });
    }

    private static SQLException unsupported(String method) {
        return new SQLFeatureNotSupportedException("'" + method + "' cannot join an order's commit");
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    @Override
    public PrintWriter getLogWriter() throws SQLException {
        return plain.getLogWriter();
    }

    @Override
    public void setLogWriter(PrintWriter out) throws SQLException {
        plain.setLogWriter(out);
    }

    @Override
    public void setLoginTimeout(int seconds) throws SQLException {
        plain.setLoginTimeout(seconds);
    }

    @Override
    public int getLoginTimeout() throws SQLException {
        return plain.getLoginTimeout();
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        return plain.getParentLogger();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        return plain.unwrap(type);
    }

    @Override
    public boolean isWrapperFor(Class<?> type) throws SQLException {
        return plain.isWrapperFor(type);
    }
}
