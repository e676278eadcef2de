package dev.gatehouse.tls;

/** Ends the reading of a hello. It never leaves the reader, and hostile clients cause it, so it has no stack trace. */
final class ClientHelloRefusal extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Why. */
    private final ClientHelloProblem problem;

    ClientHelloRefusal(ClientHelloProblem problem) {
        super(problem.toString(), null, false, false);
        this.problem = problem;
    }

    ClientHelloProblem problem() {
        return problem;
    }
}
