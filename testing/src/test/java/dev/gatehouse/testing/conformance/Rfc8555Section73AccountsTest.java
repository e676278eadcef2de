package dev.gatehouse.testing.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("RFC 8555 section 7.3: Account Management")
class Rfc8555Section73AccountsTest extends AgainstServer {
    private static final Map<String, Object> AGREED = Map.of("termsOfServiceAgreed", true);

    @Test
    @DisplayName("The server returns the account URL in the Location header field of a 201 (Created) response")
    void newAccountsAreCreated() {
        Reply created = WireClient.stranger(server).register(AGREED).requireStatus(201);

        assertThat(created.header("Location")).isNotEmpty();
        assertThat(created.text("status")).isEqualTo("valid");
    }

    @Test
    @DisplayName("The server MUST reject newAccount requests that do not have \"termsOfServiceAgreed\" set to \"true\"")
    void termsHaveToBeAgreedTo() {
        Reply refused = WireClient.stranger(server).register(Map.of("termsOfServiceAgreed", false));

        refused.requireProblem(403, "userActionRequired");
        assertThat(refused.links("terms-of-service")).hasSize(1);
    }

    @Test
    @DisplayName(
            "An unsupported contact scheme MUST be refused with \"unsupportedContact\", a bad one with \"invalidContact\"")
    void contactsAreChecked() {
        assertRefusedContact("tel:+15551234567", "unsupportedContact");
        assertRefusedContact("mailto:admin@example.org?subject=x", "invalidContact");
        assertRefusedContact("mailto:a@example.org,b@example.org", "invalidContact");
    }

    private void assertRefusedContact(String contact, String problem) {
        WireClient.stranger(server)
                .register(Map.of("termsOfServiceAgreed", true, "contact", List.of(contact)))
                .requireProblem(400, problem);
    }

    @Test
    @DisplayName(
            "7.3.1: if the server already has an account with that key, it MUST return its URL with status 200 (OK)")
    void existingAccountsAreFound() {
        String url = client.url("newAccount");

        Reply found = client.send(url, client.withKey(url).payload(AGREED)).requireStatus(200);

        assertThat(found.header("Location")).isEqualTo(client.account());
    }

    @Test
    @DisplayName("7.3.1: if \"onlyReturnExisting\" is true and there is no account, the server MUST NOT create one")
    void onlyReturnExisting() {
        WireClient stranger = WireClient.stranger(server);
        long before = server.statistics().accounts();

        stranger.register(Map.of("onlyReturnExisting", true)).requireProblem(400, "accountDoesNotExist");

        assertThat(server.statistics().accounts()).isEqualTo(before);
        assertThat(client.register(Map.of("onlyReturnExisting", true)).header("Location"))
                .isEqualTo(client.account());
    }

    @Test
    @DisplayName("7.3.2: a POST to the account URL with an updated contact changes the contact")
    void contactsAreUpdated() {
        Reply updated = client.post(client.account(), Map.of("contact", List.of("mailto:new@example.org")));

        assertThat(updated.requireStatus(200).strings("contact")).containsExactly("mailto:new@example.org");
        assertThat(client.postAsGet(client.account()).strings("contact")).containsExactly("mailto:new@example.org");
    }

    @Test
    @DisplayName(
            "7.3.2: the server MUST ignore any updates to \"orders\", \"termsOfServiceAgreed\", \"status\" and other fields")
    void otherUpdatesAreIgnored() {
        Reply before = client.postAsGet(client.account());

        Reply after = client.post(
                        client.account(),
                        Map.of("orders", "x", "termsOfServiceAgreed", false, "status", "revoked", "unknown", 1))
                .requireStatus(200);

        assertThat(after.json()).isEqualTo(before.json());
    }

    @Test
    @DisplayName(
            "7.3.3: after a change of the terms the server MUST answer 403, \"userActionRequired\", with link and instance")
    void changedTermsHaveToBeAgreedTo() {
        server.changeTermsOfService();
        String terms = (String) client.directory().object("meta").get("termsOfService");

        Reply refused = client.newOrder("app.example.com").requireProblem(403, "userActionRequired");

        assertThat(refused.links("terms-of-service")).containsExactly(terms);
        client.get(refused.text("instance")).requireStatus(200);
        client.newOrder("app.example.com").requireStatus(201);
        WireClient.registered(server).newOrder("app.example.com").requireStatus(201);
    }

    @Test
    @DisplayName("7.3.6: the server MUST deactivate the account, and confirm by the account object")
    void accountsAreDeactivated() {
        client.newOrder("app.example.com");

        Reply deactivated =
                client.post(client.account(), Map.of("status", "deactivated")).requireStatus(200);

        assertThat(deactivated.text("status")).isEqualTo("deactivated");
        assertThat(server.requireOneOrder("app.example.com").error())
                .as("The server SHOULD cancel any pending operations authorized by the account's key")
                .contains("was deactivated");
    }

    @Test
    @DisplayName(
            "7.3.6: a request of a deactivated account MUST be refused with 401 (Unauthorized) and \"unauthorized\"")
    void deactivatedAccountsAreRefused() {
        client.post(client.account(), Map.of("status", "deactivated"));

        client.postAsGet(client.account()).requireProblem(401, "unauthorized");
        client.newOrder("app.example.com").requireProblem(401, "unauthorized");
        client.register(AGREED).requireProblem(401, "unauthorized");
        client.post(client.account(), Map.of("status", "valid")).requireProblem(401, "unauthorized");
    }
}
