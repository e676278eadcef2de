package dev.gatehouse.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.gatehouse.acme.PermissionDecision.Verdict;
import dev.gatehouse.tls.ServerName;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against a real PostgreSQL. */
class JdbcPermissionTest {

    private static EmbeddedPostgres postgres;

    @BeforeAll
    static void start() throws SQLException {
        try {
            postgres = EmbeddedPostgres.builder().start();
        } catch (IOException | RuntimeException unusable) {
            if ("required".equals(System.getenv("GATEHOUSE_TEST_TOOLS"))) {
                throw new IllegalStateException("PostgreSQL is required and does not start", unusable);
            }
            abort("PostgreSQL does not start on this machine: " + unusable);
        }
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE tenants (id int, dns_names text[], main_name text, active boolean)");
            statement.execute("INSERT INTO tenants VALUES"
                    + " (1, '{shop.example.com,www.shop.example.com}', 'shop.example.com', true),"
                    + " (2, '{old.example.com}', 'old.example.com', false)");
        }
    }

    @AfterAll
    static void stop() throws IOException {
        if (postgres != null) {
            postgres.close();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT 1 FROM tenants WHERE ? = ANY(dns_names)",
                "SELECT id FROM tenants WHERE ? = ANY(dns_names) OR main_name = ? -- is it ours?",
                "SELECT EXISTS (SELECT 1 FROM tenants WHERE ? = ANY(dns_names))",
                "SELECT count(*) FROM tenants WHERE ? = ANY(dns_names) AND main_name <> 'what?'"
            })
    void aRowPermitsAndNoRowDenies(String query) {
        IssuancePermission permission = IssuancePermission.jdbc(postgres.getPostgresDatabase(), query);

        assertThat(ask(permission, "WWW.shop.example.com.")).isEqualTo(ask(permission, "www.shop.example.com"));
        assertThat(ask(permission, "www.shop.example.com").verdict()).isEqualTo(Verdict.ALLOWED);
        assertThat(ask(permission, "other.example.com").verdict()).isEqualTo(Verdict.DENIED);
        assertThat(ask(permission, "or-1--1.example.com").verdict()).isEqualTo(Verdict.DENIED);
    }

    @Test
    void aRowThatSaysNoDenies() {
        IssuancePermission permission = IssuancePermission.jdbc(
                postgres.getPostgresDatabase(), "SELECT active FROM tenants WHERE ? = ANY(dns_names)");

        assertThat(ask(permission, "shop.example.com").verdict()).isEqualTo(Verdict.ALLOWED);
        assertThat(ask(permission, "old.example.com").verdict()).isEqualTo(Verdict.DENIED);
    }

    @Test
    void aQueryThatFailsLeavesTheQuestionOpen() {
        IssuancePermission permission =
                IssuancePermission.jdbc(postgres.getPostgresDatabase(), "SELECT 1 FROM tenant WHERE name = ?");

        PermissionDecision decision = ask(permission, "shop.example.com");

        assertThat(decision.verdict()).isEqualTo(Verdict.UNKNOWN);
        assertThat(decision.reason())
                .startsWith("the database could not be asked (")
                .contains("relation \"tenant\" does not exist")
                .endsWith("SQL state 42P01)")
                .doesNotContain("\n");
    }

    @Test
    void aSlowQueryIsCancelled() {
        IssuancePermission permission = IssuancePermission.jdbc(
                postgres.getPostgresDatabase(), "SELECT pg_sleep(60) FROM tenants WHERE ? = ANY(dns_names)");

        long started = System.nanoTime();
        PermissionDecision decision = ask(permission, "shop.example.com");

        assertThat(decision.verdict()).isEqualTo(Verdict.UNKNOWN);
        assertThat(decision.reason()).contains("SQL state 57014");
        assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(30));
    }

    @Test
    void aDatabaseThatIsGoneLeavesTheQuestionOpen() {
        org.postgresql.ds.PGSimpleDataSource gone = new org.postgresql.ds.PGSimpleDataSource();
        gone.setServerNames(new String[] {"127.0.0.1"});
        gone.setPortNumbers(new int[] {1});
        gone.setConnectTimeout(2);

        assertThat(ask(IssuancePermission.jdbc((DataSource) gone, "SELECT 1 WHERE ? = ''"), "a.test")
                        .verdict())
                .isEqualTo(Verdict.UNKNOWN);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT 1 FROM tenants",
                "SELECT '?' FROM tenants",
                "SELECT 1 /* ? */ FROM tenants -- ?",
                "SELECT 1 FROM tenants WHERE names ?? 'a'"
            })
    void aQueryWithoutParameterIsRefused(String query) {
        assertThatThrownBy(() -> IssuancePermission.jdbc(postgres.getPostgresDatabase(), query))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("has no parameter for the name")
                .hasMessageContaining("Write a question mark");
    }

    private static PermissionDecision ask(IssuancePermission permission, String name) {
        return permission
                .decide(PermissionRequest.of(ServerName.of(name)))
                .toCompletableFuture()
                .join();
    }
}
