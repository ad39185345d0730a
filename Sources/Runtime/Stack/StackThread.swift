package import SansIO

/// Hosts one machine: gives it a thread, a UDP socket, a TCP listener on the same port, a clock and a resolver.
///
/// Every input is handled, and every output of it performed, on one thread, the event loop's; `onEvent` is called
/// there, too, and must not block. When the machine says `.finished`, or after `stop`, what was written is still
/// handed to the kernel, the sockets are closed and the thread is joined by a short-lived completion thread; only there
/// and only then is `onFinished` called, once (`shutdown.md` S8).
package final class StackThread<M: Machine>: Sendable {
    /// Where we can be reached.
    package let addresses: LocalAddresses
    private let loop: StackLoop<M>

    private init(loop: StackLoop<M>) {
        self.loop = loop
        addresses = loop.addresses
    }
    /// Dropping the last reference ends the thread as `stop` does.
    deinit { loop.stop() }

    /// Binds the sockets, then makes the machine with the addresses they got, then lets the world in.
    package static func start(
        listen: ListenOptions,
        make: @Sendable (LocalAddresses) -> M,
        onEvent: @escaping @Sendable (M.Event) -> Void,
        onFinished: @escaping @Sendable () -> Void
    ) throws(RuntimeError) -> StackThread<M> {
        let sockets = try BoundSockets.open(listen)
        let addresses = LocalAddresses.discover(listeningOn: listen.ip, port: sockets.port)
        let receiver: DatagramReceiver
        do throws(RuntimeError) {
            receiver = try DatagramReceiver(socket: sockets.udp, addresses: addresses)
        } catch {
            sockets.closeAll()
            throw error
        }
        let loop = StackLoop(
            machine: make(addresses), listen: listen, sockets: sockets, addresses: addresses, receiver: receiver,
            onEvent: onEvent, onFinished: onFinished)
        try loop.begin()
        return StackThread(loop: loop)
    }

    /// Hands a command over, from any thread; commands of one thread arrive in order. False when nothing is taken any
    /// more: the machine has finished, or too much is waiting already and the command is none that must not get lost.
    @discardableResult
    package func send(_ command: M.Command, evenIfFull: Bool = false) -> Bool {
        loop.send(command, evenIfFull: evenIfFull)
    }

    /// Ends everything without asking the machine. For abnormal exits; harmless when it has ended already.
    package func stop() { loop.stop() }
}
