import CNetwork
import Glibc
import SansIO

/// The thread that reads the UDP socket: datagrams in batches, and its error queue until that is empty.
///
/// This is not an event-loop channel, because the loop's own datagram channel (2.101) takes every socket error but
/// ECONNREFUSED for the end of the socket and traps when there is nothing left to read. With IP_RECVERR, any router
/// could end the program with one ICMP message.
final class DatagramReceiver: Sendable {
    /// How many inputs may wait in the stack's mailbox before reading pauses; the kernel's buffer takes over then.
    static let pauseAbove = 2_048

    private struct State {
        var isPaused = false
        var isStopping = false
    }
    private let socket: CInt
    private let bell: CInt
    private let addresses: LocalAddresses
    private let state = Locked(State())

    init(socket: CInt, addresses: LocalAddresses) throws(RuntimeError) {
        self.socket = socket
        self.addresses = addresses
        bell = cn_bell_new()
        guard bell >= 0 else {
            throw .noResources(what: "descriptor", reason: String(cString: cn_error_text(-bell)))
        }
    }
    /// Once, after `run` has returned: nothing may ring any more.
    func discardBell() { close(bell) }

    /// Reads until `stop`. `deliver` answers whether reading may go on at once; if not, `resume` says when.
    func run(deliver: ([NetworkInput]) -> Bool) {
        guard let batch = cn_receiver_new() else { return }
        defer { cn_receiver_free(batch) }
        while true {
            let (isPaused, isStopping) = state.withLock { ($0.isPaused, $0.isStopping) }
            if isStopping { return }
            let happened = cn_wait(isPaused ? -1 : socket, bell)
            if happened & CInt(cn_controlled) != 0 { cn_bell_silence(bell) }
            var inputs: [NetworkInput] = []
            if happened & CInt(cn_failed) != 0 { inputs += refusals() }
            if happened & CInt(cn_readable) != 0 { inputs += datagrams(batch) }
            // Paused before delivering: the stack may empty its mailbox, and resume us, before `deliver` returns.
            guard !inputs.isEmpty else { continue }
            state.withLock { $0.isPaused = true }
            if deliver(inputs) { state.withLock { $0.isPaused = false } }
        }
    }

    /// The mailbox is empty again. Cheap when nothing is paused.
    func resume() {
        let wasPaused = state.withLock { state in
            defer { state.isPaused = false }
            return state.isPaused
        }
        if wasPaused { cn_bell_ring(bell) }
    }
    func stop() {
        state.withLock { $0.isStopping = true }
        cn_bell_ring(bell)
    }

    private func datagrams(_ batch: OpaquePointer) -> [NetworkInput] {
        let count = cn_receiver_read(batch, socket)
        var inputs: [NetworkInput] = []
        inputs.reserveCapacity(Int(count))
        for index in 0..<count {
            let remote = SocketAddress(cn_receiver_remote(batch, index))
            let bytes = UnsafeBufferPointer(
                start: cn_receiver_bytes(batch, index), count: cn_receiver_length(batch, index))
            let local = addresses.facing(remote.ip)
            inputs.append(.datagram(Datagram(local: local, remote: remote, bytes: Array(bytes))))
        }
        return inputs
    }

    private func refusals() -> [NetworkInput] {
        var inputs: [NetworkInput] = []
        var refusal = cn_refusal()
        var payload = [UInt8](repeating: 0, count: 2_048)
        while cn_next_refusal(socket, &refusal, &payload, CInt(payload.count)) == 1 {
            let sent = Array(payload[..<min(payload.count, Int(max(0, refusal.length)))])
            inputs.append(.unreachable(remote: SocketAddress(refusal.remote), payload: sent))
        }
        return inputs
    }
}
