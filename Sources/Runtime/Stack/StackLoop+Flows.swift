import CNetwork
import Glibc
import NIOCore
import NIOPosix
import SansIO

/// Stream connections: those which the machine asks for and those which peers open.
extension StackLoop {
    // MARK: Asked for by the machine

    func connect(_ id: FlowID, _ transport: TransportProtocol, to remote: SansIO.SocketAddress) {
        guard transport == .tcp else {
            return handle(.network(.closed(id, .broken("\(transport.rawValue) connections are not offered here"))))
        }
        flows[id] = Flow(stage: .connecting)
        do {
            try bootstrap(id, toward: remote.ip).connect(to: remote.forEventLoop())
                .whenFailure { self.flowEnded(id, FlowFailure($0)) }
        } catch {
            flowEnded(id, FlowFailure(error))
        }
    }

    private func bootstrap(_ id: FlowID, toward remote: IPAddress) throws -> ClientBootstrap {
        let bootstrap = ClientBootstrap(group: eventLoop)
            .connectTimeout(Flow.connectTimeout)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(FlowHandler(loop: self, id: id))
                }
            }
        // A stack that listens on one address speaks from it as well.
        guard !listen.ip.isUnspecified, listen.ip.isIPv6 == remote.isIPv6 else { return bootstrap }
        return try bootstrap.bind(to: SansIO.SocketAddress(listen.ip, port: 0).forEventLoop())
    }

    func write(_ bytes: [UInt8], to id: FlowID) {
        guard var flow = flows.removeValue(forKey: id) else { return }
        if flow.stage != .closing {
            if flow.outgoing.readableBytes == 0 { written.append(id) }
            flow.outgoing.writeBytes(bytes)
        }
        flows[id] = flow
    }

    func close(_ id: FlowID) {
        guard var flow = flows[id], flow.stage != .closing else { return }
        guard let channel = flow.channel else {
            // Not connected yet. What was written goes with it, as the machine knows that it never stood.
            flows[id] = nil
            return
        }
        flow.stage = .closing
        if flow.outgoing.readableBytes > 0 { channel.write(flow.outgoing, promise: nil) }
        flow.outgoing.clear()
        flows[id] = flow
        channel.flush()
        // Only our half is shut, and only after the last byte: closing all of a socket that holds unread bytes makes the
        // kernel reset the connection, and the peer may lose what we wrote last.
        channel.close(mode: .output, promise: nil)
        eventLoop.scheduleTask(in: Flow.lingering) { channel.close(promise: nil) }
    }

    /// One write and one flush for each connection that was written to.
    func flushFlows() {
        while let id = written.popLast() {
            guard phase == .running, var flow = flows[id], let channel = flow.channel, flow.stage == .open,
                flow.outgoing.readableBytes > 0
            else { continue }
            let bytes = flow.outgoing
            flow.outgoing = ByteBuffer()
            flows[id] = flow
            channel.writeAndFlush(bytes, promise: nil)
            reportDrained(id, channel)
        }
    }

    private func reportDrained(_ id: FlowID, _ channel: any Channel) {
        switch waiting(on: channel) {
        case 0: handle(.network(.drained(id)))
        case 1...Flow.mostWaiting:
            let drained = eventLoop.makePromise(of: Void.self)
            drained.futureResult.whenSuccess {
                guard self.flows[id]?.stage == .open else { return }
                self.handle(.network(.drained(id)))
                self.endTurn()
            }
            channel.writeAndFlush(ByteBuffer(), promise: drained)
        default:
            flowEnded(id, .broken("the peer does not read; \(Flow.mostWaiting) bytes wait"))
            channel.close(promise: nil)
        }
    }

    private func waiting(on channel: any Channel) -> Int {
        (try? channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
    }

    // MARK: Opened by peers

    func accept(on listener: CInt) -> EventLoopFuture<Void> {
        let (silence, interval, count) = Flow.keepAlive
        return ServerBootstrap(group: eventLoop)
            .childChannelOption(.socketOption(.so_keepalive), value: 1)
            .childChannelOption(.tcpOption(NIOBSDSocket.Option(rawValue: TCP_KEEPIDLE)), value: silence)
            .childChannelOption(.tcpOption(NIOBSDSocket.Option(rawValue: TCP_KEEPINTVL)), value: interval)
            .childChannelOption(.tcpOption(NIOBSDSocket.Option(rawValue: TCP_KEEPCNT)), value: count)
            .childChannelInitializer { channel in
                self.eventLoop.makeCompletedFuture { try self.admit(channel) }
            }
            .withBoundSocket(listener).map { _ in }
    }

    /// One connection too many is closed at once: those that stand are not disturbed.
    private func admit(_ channel: any Channel) throws {
        guard phase == .running, accepted < Flow.mostAccepted else { throw ChannelError.ioOnClosedChannel }
        accepted += 1
        channel.closeFuture.whenComplete { _ in self.accepted -= 1 }
        let id = FlowID(serial: lastAccepted * 2 + 1)
        lastAccepted += 1
        try channel.pipeline.syncOperations.addHandler(FlowHandler(loop: self, id: id))
    }

    // MARK: Told by the connection

    func flowStands(_ id: FlowID, _ channel: any Channel) {
        guard phase == .running, let remote = SansIO.SocketAddress(channel.remoteAddress),
            let local = SansIO.SocketAddress(channel.localAddress)
        else { return channel.close(promise: nil) }
        let ends = FlowEnds(transport: .tcp, local: local, remote: remote)
        if id.serial % 2 == 1 {
            flows[id] = Flow(stage: .open, channel: channel)
            handle(.network(.accepted(id, ends)))
        } else if var flow = flows[id] {
            flow.stage = .open
            flow.channel = channel
            if flow.outgoing.readableBytes > 0 { written.append(id) }
            flows[id] = flow
            handle(.network(.connected(id, ends)))
        } else {
            channel.close(promise: nil)  // closed by the machine before it stood
        }
        endTurn()
    }

    func flowRead(_ id: FlowID, _ bytes: [UInt8]) {
        guard flows[id]?.stage == .open else { return }
        handle(.network(.received(id, bytes)))
    }

    func flowEnded(_ id: FlowID, _ failure: FlowFailure) {
        guard let flow = flows.removeValue(forKey: id), flow.stage != .closing else { return }
        handle(.network(.closed(id, failure)))
        endTurn()
    }

    // MARK: The end

    /// How long connections may take at the end to hand their last bytes to the kernel, all together.
    private static var lastFlush: TimeAmount { .milliseconds(250) }

    func flushAtEnd() {
        for flow in flows.values {
            guard let channel = flow.channel else { continue }
            if flow.outgoing.readableBytes > 0 { channel.write(flow.outgoing, promise: nil) }
            channel.flush()
            guard waiting(on: channel) > 0 else { continue }
            undrainedAtEnd += 1
            let drained = eventLoop.makePromise(of: Void.self)
            drained.futureResult.whenComplete { _ in
                self.undrainedAtEnd -= 1
                if self.undrainedAtEnd == 0 { self.closeEverything() }
            }
            channel.writeAndFlush(ByteBuffer(), promise: drained)
        }
        guard undrainedAtEnd > 0 else { return closeEverything() }
        eventLoop.scheduleTask(in: Self.lastFlush) { self.closeEverything() }
    }

    func closeFlows() {
        let channels = flows.values.compactMap(\.channel)
        flows = [:]
        for channel in channels { channel.close(promise: nil) }
    }
}
