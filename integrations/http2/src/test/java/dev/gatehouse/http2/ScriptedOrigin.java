package dev.gatehouse.http2;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.api.Session;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.http2.api.server.ServerSessionListener;
import org.eclipse.jetty.http2.frames.DataFrame;
import org.eclipse.jetty.http2.frames.HeadersFrame;
import org.eclipse.jetty.http2.frames.ResetFrame;
import org.eclipse.jetty.http2.server.RawHTTP2ServerConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.component.LifeCycle;
import org.jspecify.annotations.Nullable;

/** An origin that does with each stream what a test says, frame by frame. */
final class ScriptedOrigin implements AutoCloseable {

    /** What is done when the head of a request has come; streams are numbered from 1 over all connections. */
    @FunctionalInterface
    interface Script {
        void run(Request request) throws Exception;
    }

    final List<Request> requests = new CopyOnWriteArrayList<>();
    final AtomicInteger connections = new AtomicInteger();
    private final Server server = new Server();
    private final ServerConnector connector;

    private ScriptedOrigin(Map<Integer, Integer> settings, Script script) throws Exception {
        ServerSessionListener listener = new ServerSessionListener() {
            @Override
            public void onAccept(Session session) {
                connections.incrementAndGet();
            }

            @Override
            public Map<Integer, Integer> onPreface(Session session) {
                return settings;
            }

            @Override
            public Stream.Listener onNewStream(Stream stream, HeadersFrame frame) {
                Request request = new Request(stream, frame, requests.size() + 1);
                requests.add(request);
                try {
                    script.run(request);
                } catch (Exception failed) {
                    throw new AssertionError(failed);
                }
                return request;
            }
        };
        connector = new ServerConnector(server, new RawHTTP2ServerConnectionFactory(new HttpConfiguration(), listener));
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.start();
    }

    static ScriptedOrigin start(Script script) throws Exception {
        return new ScriptedOrigin(Map.of(), script);
    }

    static ScriptedOrigin start(Map<Integer, Integer> settings, Script script) throws Exception {
        return new ScriptedOrigin(settings, script);
    }

    String target() {
        return "h2c://127.0.0.1:" + connector.getLocalPort();
    }

    @Override
    public void close() {
        LifeCycle.stop(server);
    }

    /** One request, with what answers it. */
    static final class Request implements Stream.Listener {

        final Stream stream;
        final MetaData.Request head;
        final int number;
        private final StringBuffer content = new StringBuffer();
        private volatile boolean reading;
        volatile @Nullable HttpFields trailers;
        volatile boolean ended;
        volatile int resetCode = -1;
        private volatile Runnable atEnd = () -> {};

        Request(Stream stream, HeadersFrame frame, int number) {
            this.stream = stream;
            this.number = number;
            head = (MetaData.Request) frame.getMetaData();
            ended = frame.isEndStream();
        }

        @Nullable
        String field(String name) {
            return head.getHttpFields().get(name);
        }

        String content() {
            return content.toString();
        }

        /** Takes the content from now on. */
        Request read() {
            reading = true;
            stream.demand();
            return this;
        }

        void whenEnded(Runnable action) {
            atEnd = action;
            if (ended) {
                action.run();
            } else {
                read();
            }
        }

        Request head(int status, boolean last, String... fields) {
            HttpFields.Mutable head = HttpFields.build();
            for (int i = 0; i < fields.length; i += 2) {
                head.add(fields[i], fields[i + 1]);
            }
            stream.headers(new HeadersFrame(
                            stream.getId(), new MetaData.Response(status, null, HttpVersion.HTTP_2, head), null, last))
                    .join();
            return this;
        }

        Request data(String text, boolean last) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            stream.data(new DataFrame(stream.getId(), bytes, last)).join();
            return this;
        }

        Request trailers(String name, String value) {
            MetaData fields =
                    new MetaData(HttpVersion.HTTP_2, HttpFields.build().add(name, value));
            stream.headers(new HeadersFrame(stream.getId(), fields, null, true)).join();
            return this;
        }

        void reset(int code) {
            stream.reset(new ResetFrame(stream.getId(), code), Callback.NOOP);
        }

        void answer(String text) {
            head(200, false).data(text, true);
        }

        @Override
        public void onHeaders(Stream open, HeadersFrame frame) {
            trailers = frame.getMetaData().getHttpFields();
            end();
        }

        @Override
        public void onDataAvailable(Stream open) {
            for (Stream.Data data = open.readData(); data != null; data = open.readData()) {
                content.append(StandardCharsets.UTF_8.decode(data.frame().getByteBuffer()));
                boolean last = data.frame().isEndStream();
                data.release();
                if (last) {
                    end();
                    return;
                }
            }
            if (reading) {
                open.demand();
            }
        }

        private void end() {
            if (!ended) {
                ended = true;
                atEnd.run();
            }
        }

        @Override
        public void onReset(Stream open, ResetFrame frame, Callback callback) {
            resetCode = frame.getError();
            callback.succeeded();
        }
    }
}
