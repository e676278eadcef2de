package dev.gatehouse.benchmarks;

import dev.gatehouse.tls.ClientHello;
import dev.gatehouse.tls.ClientHelloReader;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** Reading the hello of a browser: 517 bytes with a server name, two application protocols and reserved values. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ClientHelloBenchmark {

    private static final String BROWSER = """
            1603010200010001fc030369984d798c174990f47d4f9f9b3222236d8a502573b7cb4b16ad11524119cbaf20fe9abf67bc67
            75df0bda16904f80570c5380aa7b1112bfaaace8d7e85764bd4d00209a9a130113021303c02bc02fc02cc030cca9cca8c013
            c014009c009d002f003501000193dada00000017000000230000000b000201000033002b0029aaaa000100001d0020fafbf9
            d9c88a13585b1f857c4a5a6d1b29321c9f63d309d5a26cbc896900403200120000000d001200100403080404010503080505
            0108060601002b000706fafa03040303000500050100000000001b000302000200000014001200000f6170702e6578616d70
            6c652e636f6d002d000201014469000500030268320010000e000c02683208687474702f312e31000a000a0008aaaa001d00
            170018ff010001004a4a000100001500c8000000000000000000000000000000000000000000000000000000000000000000
            0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000
            0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000
            0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000
            0000000000000000000000000000000000
            """;

    private static final int SEGMENT = 16;

    private final byte[] bytes = HexFormat.of().parseHex(BROWSER.replaceAll("\\s", ""));
    private final ByteBuffer heap = ByteBuffer.wrap(bytes);
    private final ByteBuffer direct =
            ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    private final ByteBuffer smallRecords = inRecordsOf(SEGMENT);

    /** {@return the hello from a heap buffer} */
    @Benchmark
    public ClientHello heapBuffer() {
        return read(heap);
    }

    /** {@return the hello from a direct buffer} */
    @Benchmark
    public ClientHello directBuffer() {
        return read(direct);
    }

    /** {@return the hello, put together from 33 records} */
    @Benchmark
    public ClientHello smallRecords() {
        return read(smallRecords);
    }

    /**
     * Reads the hello as it arrives in 33 segments.
     *
     * @return the hello
     */
    @Benchmark
    public ClientHello smallSegments() {
        ClientHelloReader reader = ClientHelloReader.create();
        for (int length = SEGMENT; length < bytes.length; length += SEGMENT) {
            reader.read(heap.slice(0, length));
        }
        reader.read(heap);
        return reader.clientHello();
    }

    /**
     * Reads the hello, and asks for all that is decoded only when it is asked for.
     *
     * @param answers takes the answers
     */
    @Benchmark
    public void withNamesOfAlgorithmsAndProtocols(Blackhole answers) {
        ClientHello hello = read(heap);
        List<String> algorithms = hello.signatureAlgorithms();
        answers.consume(algorithms);
        answers.consume(hello.isAcmeChallenge());
    }

    private static ClientHello read(ByteBuffer received) {
        ClientHelloReader reader = ClientHelloReader.create();
        reader.read(received);
        return reader.clientHello();
    }

    private ByteBuffer inRecordsOf(int fragment) {
        ByteBuffer records = ByteBuffer.allocate(2 * bytes.length);
        for (int i = 5; i < bytes.length; i += fragment) {
            int length = Math.min(fragment, bytes.length - i);
            records.put(bytes, 0, 3).putShort((short) length).put(bytes, i, length);
        }
        return records.flip();
    }
}
