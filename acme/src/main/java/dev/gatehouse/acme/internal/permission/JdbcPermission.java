package dev.gatehouse.acme.internal.permission;

import dev.gatehouse.acme.IssuancePermission;
import dev.gatehouse.acme.PermissionDecision;
import dev.gatehouse.acme.PermissionRequest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Asks a database on the calling thread. A row permits, unless it says no itself. */
public final class JdbcPermission implements IssuancePermission {

    private static final int TIMEOUT_SECONDS = 2;

    private final DataSource dataSource;
    private final String query;
    private final int parameters;

    /** Checks the query as far as that can be done without a connection. */
    public JdbcPermission(DataSource dataSource, String query) {
        this.dataSource = dataSource;
        this.query = query;
        this.parameters = SqlParameters.count(query);
        if (parameters == 0) {
            throw new IllegalArgumentException(
                    "The query '" + query + "' has no parameter for the name. Write a question mark in its place.");
        }
    }

    @Override
    public CompletionStage<PermissionDecision> decide(PermissionRequest request) {
        try {
            return CompletableFuture.completedFuture(
                    hasRow(request.name().value())
                            ? PermissionDecision.allowed("the database permits it")
                            : PermissionDecision.denied("the database does not permit it"));
        } catch (SQLException failure) {
            return CompletableFuture.completedFuture(PermissionDecision.unknown("the database could not be asked ("
                    + oneLine(failure.getMessage()) + ", SQL state " + failure.getSQLState() + ")"));
        }
    }

    private boolean hasRow(String name) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(query)) {
            statement.setQueryTimeout(TIMEOUT_SECONDS);
            statement.setMaxRows(1);
            for (int parameter = 1; parameter <= parameters; parameter++) {
                statement.setString(parameter, name);
            }
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() && saysYes(rows.getObject(1));
            }
        }
    }

    /** Queries such as {@code SELECT EXISTS (…)} always have a row. */
    private static boolean saysYes(@Nullable Object value) {
        if (value instanceof Boolean truth) {
            return truth;
        }
        return value instanceof Number number ? number.doubleValue() != 0 : value != null;
    }

    private static String oneLine(@Nullable String message) {
        return String.valueOf(message).replaceAll("\\p{Cntrl}+\\s*", " ");
    }

    @Override
    public String toString() {
        return "database";
    }
}
