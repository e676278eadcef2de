package dev.gatehouse.compatibility;

import dev.gatehouse.tls.ClientHelloReader;
import dev.gatehouse.tls.ClientHelloReader.Progress;
import dev.gatehouse.tls.TlsAdmission;
import dev.gatehouse.tls.TlsAlert;
import dev.gatehouse.tls.TlsGate;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Optional;

/** The server's side of one connection, whose ClientHello is shown to a gate before there is an engine. */
final class GateConnection {

    private final TlsGate gate;
    private final Socket socket;

    GateConnection(TlsGate gate, Socket socket) {
        this.gate = gate;
        this.socket = socket;
    }

    void greet() throws IOException {
        ClientHelloReader reader = gate.newReader();
        ByteBuffer received = ByteBuffer.allocate(reader.maxReceivedBytes());
        Progress progress = Progress.INCOMPLETE;
        while (progress == Progress.INCOMPLETE) {
            receive(received);
            progress = reader.read(received.duplicate().flip());
        }
        if (progress != Progress.COMPLETE) {
            refuse(gate.refuse(socket.getInetAddress(), reader.problem()));
            return;
        }
        TlsAdmission admission = gate.admit(reader.clientHello(socket.getInetAddress()))
                .toCompletableFuture()
                .join();
        if (admission instanceof TlsAdmission.Granted granted) {
            new EngineConnection(granted.newEngine(), socket, received.flip()).greet();
        } else if (admission instanceof TlsAdmission.Refused refused) {
            refuse(Optional.of(refused.alert()));
        }
    }

    private void receive(ByteBuffer received) throws IOException {
        int count = socket.getInputStream().read(received.array(), received.position(), received.remaining());
        if (count < 0) {
            throw new EOFException("The client closed the connection");
        }
        received.position(received.position() + count);
    }

    private void refuse(Optional<TlsAlert> alert) throws IOException {
        if (alert.isPresent()) {
            socket.getOutputStream().write(alert.get().record().array());
        }
    }
}
