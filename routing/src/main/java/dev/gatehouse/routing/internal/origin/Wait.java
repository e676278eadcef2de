package dev.gatehouse.routing.internal.origin;

import dev.gatehouse.routing.Service;
import dev.gatehouse.routing.internal.answer.Durations;
import dev.gatehouse.routing.internal.exchange.ClientPace;
import java.time.Duration;

/** What a call is waiting for, and so what has gone wrong when it waits too long. */
enum Wait {
    /** An open connection, from the resolution of the target's name on. */
    CONNECTION(504, "did not accept a connection within", "See whether it is overloaded, or correct its address"),

    /** A place among the connections of the target, all of which are in use. */
    PLACE(
            503,
            "had no connection free within",
            "See what keeps its connections busy, or raise maxConnectionsPerTarget if it can bear more"),

    /** 100 (Continue). Origins that do not know it never send it, so the wait ends quietly. */
    CONTINUE(0, "", ""),

    /** Content from the client, whose time is measured by its {@link ClientPace}. */
    REQUEST_CONTENT(408, "", ""),

    /** The origin taking more of the request. */
    REQUEST_SENT(504, "took no more of the request for", "See why it does not read, or raise responseTimeout"),

    /** The head of the final response. */
    RESPONSE_HEAD(504, "did not answer within", "See what keeps it busy, or raise responseTimeout"),

    /** More of the response content. */
    RESPONSE_CONTENT(504, "sent no more of its response for", "See why it stopped, or raise responseIdleTimeout"),

    /** The client taking more of the response content. */
    CLIENT_READING(
            504, "the client took no more of the response for", "Raise responseIdleTimeout if it may pause longer"),

    /** Either side of an upgraded connection sending something. */
    TUNNEL(
            504,
            "an upgraded connection carried nothing for",
            "Raise upgradeIdleTimeout, or have one side send something now and then, such as pings");

    private static final Duration CONTINUE_TIMEOUT = Duration.ofSeconds(1);

    private final int status;
    private final String problem;
    private final String remedy;

    Wait(int status, String problem, String remedy) {
        this.status = status;
        this.problem = problem;
        this.remedy = remedy;
    }

    /** How long; zero for no limit. */
    Duration limit(Service service) {
        return switch (this) {
            case CONNECTION, PLACE -> service.connectTimeout();
            case CONTINUE -> CONTINUE_TIMEOUT;
            case REQUEST_CONTENT -> service.requestIdleTimeout();
            case REQUEST_SENT, RESPONSE_HEAD -> service.responseTimeout();
            case RESPONSE_CONTENT, CLIENT_READING -> service.responseIdleTimeout();
            case TUNNEL -> service.upgradeIdleTimeout();
        };
    }

    /** Whether the client could leave meanwhile without anybody noticing, since nothing is read or written there. */
    boolean isForOrigin() {
        return this != REQUEST_CONTENT && this != CLIENT_READING && this != TUNNEL;
    }

    /** When something happened, for a log. */
    String whileWaiting() {
        return switch (this) {
            case PLACE, CONNECTION -> "before there was a connection";
            case CONTINUE, REQUEST_CONTENT, REQUEST_SENT -> "within its request";
            case RESPONSE_HEAD -> "before the response";
            case RESPONSE_CONTENT, CLIENT_READING -> "within the response";
            case TUNNEL -> "an upgraded connection";
        };
    }

    int status() {
        return status;
    }

    String problem(Service service) {
        String text = problem + " " + Durations.text(limit(service));
        return isForOrigin() ? service.target() + " " + text : text;
    }

    String remedy() {
        return remedy;
    }
}
