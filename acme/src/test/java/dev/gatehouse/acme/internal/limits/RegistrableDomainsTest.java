package dev.gatehouse.acme.internal.limits;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.tls.ServerName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegistrableDomainsTest {

    @ParameterizedTest
    @CsvSource({
        "example.com, example.com",
        "a.b.example.com, example.com",
        "a.b.example.co.uk, example.co.uk",
        "me.github.io, me.github.io",
        "www.me.github.io, me.github.io",
        "app.herokuapp.com, app.herokuapp.com",
        "github.io, github.io",
        "co.uk, co.uk",
        "com, com",
        "www.city.kawasaki.jp, city.kawasaki.jp",
        "a.b.c.ck, b.c.ck",
        "www.www.ck, www.ck",
        "my_app.example.com, example.com",
        "a.b.公司.cn, b.xn--55qx5d.cn",
        "a.b.internal-tld, b.internal-tld",
        "localhost, localhost",
        "192.0.2.1, 192.0.2.1"
    })
    void registrableDomain(String name, String domain) {
        assertThat(RegistrableDomains.of(ServerName.of(name))).isEqualTo(domain);
    }
}
