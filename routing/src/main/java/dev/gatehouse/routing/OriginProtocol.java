package dev.gatehouse.routing;

/** The version of HTTP in which a {@link Target} is spoken to. */
public enum OriginProtocol {
    /** HTTP/1.1 (RFC 9112), one exchange at a time on each connection. */
    HTTP_1_1,

    /** HTTP/2 (RFC 9113), many exchanges at a time on each connection. */
    HTTP_2
}
