package dev.gatehouse.http2;

import dev.gatehouse.routing.HttpFields;
import dev.gatehouse.routing.Target;
import dev.gatehouse.routing.transport.OriginFailure;
import dev.gatehouse.routing.transport.OriginRequest;
import org.eclipse.jetty.http.HostPortHttpField;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http.compression.HuffmanEncoder;

/** Heads of requests and responses as Jetty has them, made of those of the router and the other way round. */
final class Heads {

    /** What RFC 9113, section 6.5.2, counts for each field beside its name and value. */
    private static final int FIELD_OVERHEAD = 32;

    /** Method, scheme, authority and path, with their names. */
    private static final int PSEUDO_FIELDS_OVERHEAD = 4 * (FIELD_OVERHEAD + 10);

    private Heads() {}

    static MetaData.Request request(OriginRequest request, Target target) {
        return new MetaData.Request(
                request.method(),
                target.tls() == null ? "http" : "https",
                new HostPortHttpField(request.authority()),
                request.path(),
                HttpVersion.HTTP_2,
                jettyFields(request.fields()),
                -1);
    }

    static MetaData trailers(HttpFields trailers) {
        return new MetaData(HttpVersion.HTTP_2, jettyFields(trailers));
    }

    private static org.eclipse.jetty.http.HttpFields jettyFields(HttpFields fields) {
        org.eclipse.jetty.http.HttpFields.Mutable jettyFields = org.eclipse.jetty.http.HttpFields.build();
        fields.forEach(jettyFields::add);
        return jettyFields;
    }

    /**
     * The most that a head can take, encoded or as the target counts it. Jetty gives up a whole connection over one that
     * is too large, so it must not get that far.
     */
    static long size(OriginRequest request) {
        return PSEUDO_FIELDS_OVERHEAD
                + length(request.method())
                + length(request.authority())
                + length(request.path())
                + size(request.fields());
    }

    static long size(HttpFields fields) {
        long[] size = new long[1];
        fields.forEach((name, value) -> size[0] += FIELD_OVERHEAD + length(name) + length(value));
        return size[0];
    }

    private static int length(String text) {
        return Math.max(text.length(), HuffmanEncoder.octetsNeeded(text));
    }

    static HttpFields fields(MetaData head) throws OriginFailure {
        HttpFields.Builder fields = HttpFields.builder();
        try {
            for (HttpField field : head.getHttpFields()) {
                String value = field.getValue();
                fields.add(field.getName(), value == null ? "" : value);
            }
        } catch (IllegalArgumentException invalid) {
            throw Failures.malformed(String.valueOf(invalid.getMessage()));
        }
        return fields.build();
    }
}
