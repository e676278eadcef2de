package dev.gatehouse.routing.internal.origin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.routing.FakeExchange;
import dev.gatehouse.routing.TestOrigin;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Content over TLS, over real sockets: much of it, sides that do not read, and records that come in pieces. */
class TlsContentTest extends TlsFixture {

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void muchContentGoesBothWaysAndArrivesUnchanged(String version) {
        byte[] content = new byte[3_000_000];
        for (int i = 0; i < content.length; i++) {
            content[i] = (byte) (i * 31 + (i >> 8));
        }
        TestOrigin origin = tlsOrigin(
                server().sslContext(), socket -> socket.setEnabledProtocols(new String[] {version}), connection -> {
                    TestOrigin.Request request = connection.readRequest();
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + request.content().length + "\r\n\r\n");
                    for (int at = 0; at < content.length; at += 100_001) {
                        connection.send(
                                Arrays.copyOfRange(request.content(), at, Math.min(content.length, at + 100_001)));
                    }
                    connection.hasMore();
                });
        FakeExchange exchange =
                FakeExchange.of("POST", "/").contentLength(content.length).stopReading();
        carry(service(origin, tls(settings -> settings)), exchange);

        for (int at = 0; at < content.length; at += 250_007) {
            exchange.send(Arrays.copyOfRange(content, at, Math.min(content.length, at + 250_007)));
        }
        while (!exchange.isOver()) {
            await().until(() -> exchange.holdsResponse() || exchange.isOver());
            exchange.resumeReading();
            if (exchange.receivedBytes() < content.length / 2) {
                exchange.stopReading();
            }
        }

        assertThat(exchange.await().bytes()).isEqualTo(content);
    }

    @Test
    void anOriginThatDoesNotReadHoldsTheClientBack() {
        CountDownLatch read = new CountDownLatch(1);
        long length = 20_000_000;
        TestOrigin origin = tlsOrigin(server().sslContext(), connection -> {
            connection.readHead();
            read.await();
            connection.in().skipNBytes(length);
            connection.send(OK);
            connection.hasMore();
        });
        FakeExchange exchange = FakeExchange.of("POST", "/").sendZeros(length);
        carry(service(origin, tls(settings -> settings)), exchange);

        await().during(Duration.ofMillis(300)).until(() -> exchange.reads() * 32_768L < length);
        int reads = exchange.reads();
        assertThat(reads * 32_768L).isLessThan(length);
        read.countDown();

        assertThat(exchange.await().status()).isEqualTo(200);
    }

    @Test
    void aClientThatDoesNotReadHoldsTheOriginBack() {
        AtomicInteger sent = new AtomicInteger();
        TestOrigin origin = tlsOrigin(server().sslContext(), connection -> {
            connection.readRequest();
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 20000000\r\n\r\n");
            for (int i = 0; i < 200; i++) {
                connection.send(new byte[100_000]);
                sent.incrementAndGet();
            }
            connection.hasMore();
        });
        FakeExchange exchange = FakeExchange.get("/").stopReading();
        carry(service(origin, tls(settings -> settings)), exchange);

        await().until(exchange::holdsResponse);
        await().during(Duration.ofMillis(300)).until(() -> sent.get() < 180);
        exchange.resumeReading();

        assertThat(exchange.await().receivedBytes()).isEqualTo(20_000_000);
    }

    @Test
    void recordsThatComeInHalvesArePutTogether() {
        List<String> parts = List.of("HTTP/1.1 200 OK\r\nContent-Le", "ngth: 10\r\n\r\n01234", "56789");
        TestOrigin origin = tlsOrigin(server().sslContext(), connection -> {
            connection.readRequest();
            for (String part : parts) {
                connection.send(part.getBytes(StandardCharsets.US_ASCII));
            }
            connection.hasMore();
        });

        assertThat(get(origin, tls(settings -> settings)).text().toUpperCase(Locale.ROOT))
                .isEqualTo("0123456789");
    }
}
