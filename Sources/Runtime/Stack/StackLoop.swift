import Glibc
import NIOCore
import NIOPosix
import SansIO

/// The event loop's side of a `StackThread`. Everything that is `var` is touched on the loop only, and every way in
/// from outside goes through the mailbox: that is what makes it `Sendable`.
final class StackLoop<M: Machine>: @unchecked Sendable {
    enum Letter: Sendable {
        case input(MachineInput<M.Command>)
        case stop
    }
    enum Phase {
        case starting
        case running
        /// The machine has finished; connections are handing their last bytes to the kernel.
        case flushing
        case closed
    }
    static var mailboxCapacity: Int { 1 << 18 }

    let addresses: LocalAddresses
    let listen: ListenOptions
    let eventLoop: any EventLoop
    let onEvent: @Sendable (M.Event) -> Void
    private let group: MultiThreadedEventLoopGroup
    private let sockets: BoundSockets
    private let receiver: DatagramReceiver
    private let mailbox = Mailbox<Letter>(capacity: mailboxCapacity)

    var phase = Phase.starting
    var machine: M?
    var flows: [FlowID: Flow] = [:]
    /// Flows that were written to in this turn.
    var written: [FlowID] = []
    var accepted = 0
    var lastAccepted: UInt64 = 0
    var undrainedAtEnd = 0
    var resolver: Resolver?
    private var sender: DatagramSender
    private var inputs: [MachineInput<M.Command>] = []
    private var isTurning = false
    private var timer: (callback: NIOScheduledCallback, at: Instant)?
    private var receiverThread: SystemThread?
    private var onFinished: (@Sendable () -> Void)?

    init(
        machine: M, listen: ListenOptions, sockets: BoundSockets, addresses: LocalAddresses,
        receiver: DatagramReceiver, onEvent: @escaping @Sendable (M.Event) -> Void,
        onFinished: @escaping @Sendable () -> Void
    ) {
        self.machine = machine
        self.listen = listen
        self.sockets = sockets
        self.addresses = addresses
        self.receiver = receiver
        self.onEvent = onEvent
        self.onFinished = onFinished
        sender = DatagramSender(socket: sockets.udp)
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        eventLoop = group.next()
    }

    /// Lets the world in: called once, by the one who made this. On an error nothing is left over, and nobody is told.
    func begin() throws(RuntimeError) {
        do {
            try eventLoop.flatSubmit { self.open() }.wait()
        } catch {
            onFinished = nil
            eventLoop.execute { self.closeEverything() }
            throw error as? RuntimeError ?? .noResources(what: "TCP listener", reason: String(describing: error))
        }
    }

    /// On the loop, so that nothing is handled before everything stands.
    private func open() -> EventLoopFuture<Void> {
        do throws(RuntimeError) {
            receiverThread = try SystemThread.start("lc-udp") { [receiver, mailbox, weak self] in
                receiver.run { inputs in
                    guard let self else { return true }
                    let waiting = mailbox.post(inputs.map { .input(.network($0)) }, wake: self.wake)
                    return (waiting ?? 0) <= DatagramReceiver.pauseAbove
                }
            }
        } catch {
            if let tcp = sockets.tcp { Glibc.close(tcp) }
            return eventLoop.makeFailedFuture(error)
        }
        return (sockets.tcp.map(accept) ?? eventLoop.makeSucceededVoidFuture()).map {
            self.phase = .running
            self.openMail()
        }
    }

    // MARK: From any thread

    func send(_ command: M.Command, evenIfFull: Bool) -> Bool {
        mailbox.post(CollectionOfOne(.input(.command(command))), evenIfFull: evenIfFull, wake: wake) != nil
    }
    func stop() { _ = mailbox.post(CollectionOfOne(.stop), evenIfFull: true, wake: wake) }
    func answer(_ id: ResolutionID, _ found: [IPAddress]) {
        _ = mailbox.post(CollectionOfOne(.input(.network(.resolved(id, found)))), evenIfFull: true, wake: wake)
    }
    private func wake() { eventLoop.execute { self.openMail() } }

    // MARK: On the loop

    private func openMail() {
        guard phase != .starting else { return }
        for letter in mailbox.takeAll() {
            switch letter {
            case .input(let input): handle(input)
            case .stop: finish(flushing: false)
            }
        }
        receiver.resume()
        endTurn()
    }

    /// One input after the other: performing an output may make the loop report something at once, which then waits
    /// until all outputs of this call are performed.
    func handle(_ input: MachineInput<M.Command>) {
        inputs.append(input)
        guard !isTurning else { return }
        isTurning = true
        var next = 0
        while next < inputs.count {
            let input = inputs[next]
            next += 1
            guard phase == .running, let outputs = machine?.handle(input, at: MonotonicClock.now()) else { break }
            for output in outputs { perform(output) }
        }
        inputs.removeAll(keepingCapacity: true)
        isTurning = false
    }

    private func perform(_ output: MachineOutput<M.Event>) {
        switch output {
        case .event(let event): onEvent(event)
        case .finished: finish(flushing: true)
        case .network(.transmit(let datagram)):
            sender.add(datagram)
            if sender.isFull { flushDatagrams() }
        case .network(.connect(let id, let transport, let remote)): connect(id, transport, to: remote)
        case .network(.write(let id, let bytes)): write(bytes, to: id)
        case .network(.close(let id)): close(id)
        case .network(.resolve(let id, let host)): resolve(id, host)
        }
    }

    /// After everything that could be read in one go: one system call for the datagrams, one flush for each
    /// connection, one look at the next deadline.
    func endTurn() {
        guard !isTurning else { return }
        flushDatagrams()
        flushFlows()
        armTimer()
    }

    private func flushDatagrams() {
        for refused in sender.flush() { handle(.network(refused)) }
    }

    private func resolve(_ id: ResolutionID, _ host: String) {
        let resolver = self.resolver ?? Resolver(family: listen.ip.family) { [weak self] in self?.answer($0, $1) }
        self.resolver = resolver
        resolver.resolve(id, host: host)
    }

    // MARK: Deadlines

    /// The loop has at most one timer of ours. One that is too early is left to ring in vain, once; only one that is
    /// too late is taken back.
    private func armTimer() {
        guard phase == .running, let wanted = machine?.nextDeadline, wanted < .distantFuture else { return }
        if let timer {
            guard wanted < timer.at else { return }
            timer.callback.cancel()
            self.timer = nil
        }
        let at = NIODeadline.uptimeNanoseconds(MonotonicClock.nanosecondsSinceBoot(at: wanted))
        guard let callback = try? eventLoop.scheduleCallback(at: at, handler: self) else { return }
        timer = (callback, wanted)
    }

    private func ring() {
        timer = nil
        if let deadline = machine?.nextDeadline, deadline <= MonotonicClock.now() { handle(.deadlineReached) }
        endTurn()
    }

    // MARK: The end

    /// What is waiting is still handed to the kernel, unless the exit is abnormal.
    func finish(flushing: Bool) {
        guard phase == .running else {
            if !flushing { closeEverything() }
            return
        }
        phase = .flushing
        guard flushing else { return closeEverything() }
        _ = sender.flush()
        flushAtEnd()
    }

    /// Nothing of ours is left on the loop after this; the completion thread does what may not be done here.
    func closeEverything() {
        guard phase != .closed else { return }
        phase = .closed
        mailbox.shut()
        timer?.callback.cancel()
        timer = nil
        receiver.stop()
        resolver?.stop()
        closeFlows()
        machine = nil
        startCompletion()
    }

    private func startCompletion() {
        do throws(RuntimeError) {
            try SystemThread.start("lc-finish") { self.complete() }.letGo()
        } catch {
            // There is no thread to be had just now, and this work cannot be done here.
            eventLoop.scheduleTask(in: .milliseconds(20)) { self.startCompletion() }
        }
    }

    /// On the completion thread: joins the others, closes what they used, and says so.
    private func complete() {
        receiverThread?.join()
        // It can only fail for a loop that was shut down before, and nobody else can reach this one.
        try? group.syncShutdownGracefully()
        receiver.discardBell()
        Glibc.close(sockets.udp)
        resolver = nil
        let said = onFinished
        onFinished = nil
        said?()
    }
}

extension StackLoop: NIOScheduledCallbackHandler {
    func handleScheduledCallback(eventLoop: some EventLoop) { ring() }
}

extension IPAddress {
    /// What a socket bound here can send to, for the resolver: 4, 6, or 0 for both.
    fileprivate var family: CInt { !isIPv6 ? 4 : isUnspecified ? 0 : 6 }
}
