package dev.gatehouse.routing.internal.buffer;

import dev.gatehouse.routing.Buffering;
import dev.gatehouse.routing.FakeExchange;
import dev.gatehouse.routing.HttpExchange;
import dev.gatehouse.routing.HttpFields;
import dev.gatehouse.routing.Service;
import dev.gatehouse.routing.internal.exchange.RoutedExchange;
import dev.gatehouse.routing.internal.loop.EventLoops;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A program that buffers one upload of 1 GiB with 1 MiB of memory for it, to be run with a small heap. */
final class LargeUpload {

    private static final long LENGTH = 1L << 30;

    private final ByteBuffer buffer = ByteBuffer.allocate(32 * 1024);
    private long received;

    private LargeUpload() {}

    public static void main(String[] folder) throws Exception {
        LargeUpload upload = new LargeUpload();
        Service service = Service.named("upload").handler(upload::count).build();
        Buffering limits = Buffering.requests()
                .memoryBytes(1 << 20)
                .temporaryFolder(Path.of(folder[0]))
                .build();
        FakeExchange exchange = FakeExchange.of("POST", "/").sendZeros(LENGTH);
        try (EventLoops loops = EventLoops.start("upload-loop-", 1, System::nanoTime);
                SpoolWorkers workers = new SpoolWorkers()) {
            MemoryBudget budget = new MemoryBudget(Runtime.getRuntime().maxMemory());
            new RequestBuffering(loops, workers, budget, limits, upload::count)
                    .handle(new RoutedExchange(exchange, service, "/", "/"));
            System.out.println(exchange.await().text());
        }
    }

    /** Reads to the end and answers with how much that was. */
    private void count(HttpExchange exchange) throws IOException {
        int count;
        while ((count = exchange.read(buffer.clear())) > 0) {
            received += count;
        }
        if (count == 0) {
            exchange.whenReadable(() -> countOn(exchange));
        } else {
            exchange.startResponse(200, HttpFields.empty());
            exchange.write(StandardCharsets.US_ASCII.encode(received + " bytes"), true, () -> {});
        }
    }

    private void countOn(HttpExchange exchange) {
        try {
            count(exchange);
        } catch (IOException failed) {
            exchange.abort(failed);
        }
    }
}
