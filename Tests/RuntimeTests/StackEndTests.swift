import Glibc
import Runtime
import SansIO
import Testing

extension StackThreadTests {
    @Test("When `onFinished` is called no descriptor and no thread of ours is left (S8, L1)")
    func nothingLeft() throws {
        // The system's work queues keep three descriptors of their own from their first use on.
        #expect(try Relay().finish())
        let before = Census.take()
        let (server, client) = (try Relay(echoes: true), try Relay())
        client.perform(
            .connect(FlowID(serial: 2), .tcp, to: server.address), .write(FlowID(serial: 2), [1]),
            .resolve(ResolutionID(serial: 1), host: "localhost"))
        #expect(waitUntil { client.network.contains(.drained(FlowID(serial: 2))) })
        #expect(Census.take().threads >= 4)
        #expect(client.finish() && server.finish())
        #expect(waitUntil { Census.take().threads <= before.threads })
        let isEmpty = waitUntil { Census.take().descriptors.count <= before.descriptors.count }
        #expect(isEmpty, "\(Census.take().descriptors) after \(before.descriptors)")
    }

    @Test("`onFinished` is not called on the stack thread, and the machine is gone by then (S8, L2)")
    func completionThread() throws {
        final class Witness: Sendable {}
        struct Guarded: Machine {
            var witness: Witness
            mutating func handle(_ input: MachineInput<Int>, at now: Instant) -> [MachineOutput<Bool>] {
                [.event(true), .finished, .event(false)]
            }
            var nextDeadline: Instant? { nil }
        }
        final class Seen: Sendable {
            let stack = Locked<[UInt]>([])
            let completion = Locked<[UInt]>([])
        }
        let seen = Seen()
        weak var leaked: Witness?
        do {
            let witness = Witness()
            leaked = witness
            let thread = try StackThread.start(
                listen: .loopback(), make: { _ in Guarded(witness: witness) },
                onEvent: { _ in seen.stack.withLock { $0.append(UInt(pthread_self())) } },
                onFinished: { seen.completion.withLock { $0.append(UInt(pthread_self())) } })
            thread.send(1)
            #expect(waitUntil { seen.completion.withLock { !$0.isEmpty } })
            #expect(!thread.send(2))
            thread.stop()
        }
        #expect(seen.stack.withLock { $0.count } == 2)
        #expect(seen.completion.withLock { $0.count } == 1)
        #expect(seen.stack.withLock { $0.first } != seen.completion.withLock { $0.first })
        #expect(waitUntil { leaked == nil })
    }

    @Test("What was transmitted and written before `.finished` is still delivered")
    func flushedAtTheEnd() throws {
        let (server, client) = (try Relay(), try Relay())
        let flow = FlowID(serial: 2)
        client.perform(.connect(flow, .tcp, to: server.address))
        _ = client.first(\.connected)
        let last = Datagram(local: client.address, remote: server.address, bytes: Array("un-REGISTER".utf8))
        #expect(client.finish(after: [.write(flow, [UInt8](repeating: 5, count: 500_000)), .transmit(last)]))
        #expect(server.first(\.datagram?.bytes) == last.bytes)
        #expect(
            waitUntil { server.network.reduce(0) { $0 + ($1.received?.count ?? 0) } == 500_000 })
        #expect(server.finish())
    }

    @Test("`stop` ends everything at once, any number of times; dropping the stack ends it, too")
    func stopping() throws {
        let before = Census.take()
        let relay = try Relay()
        let start = MonotonicClock.now()
        for _ in 0..<3 { relay.thread.stop() }
        #expect(waitUntil { relay.timesFinished == 1 })
        #expect(MonotonicClock.now() - start < .milliseconds(50))
        relay.thread.stop()
        _ = try Relay()
        #expect(waitUntil { Census.take().threads <= before.threads })
        #expect(relay.timesFinished == 1)
    }

    @Test("A peer that does not read holds the end up for no more than 250 ms")
    func stuckPeer() throws {
        let server = try Relay()
        let peer = try #require(PlainConnection(to: server.address))
        let id = try #require(server.first(\.accepted?.id))
        // More than the kernel's buffers of both ends take, less than the limit for waiting bytes.
        for _ in 0..<6 { server.perform(.write(id, [UInt8](repeating: 0, count: 1 << 20))) }
        let start = MonotonicClock.now()
        #expect(server.finish())
        #expect(MonotonicClock.now() - start < .milliseconds(350))
        peer.end()
    }

    @Test("Two hundred times up and down leaves memory, descriptors and threads flat (L5)")
    func cycles() throws {
        for _ in 0..<20 { #expect(try Relay().finish()) }
        let (before, memory) = (Census.take(), residentPages())
        for _ in 0..<200 { #expect(try Relay().finish()) }
        #expect(waitUntil { Census.take().threads <= before.threads })
        let isFlat = waitUntil { Census.take().descriptors.count <= before.descriptors.count }
        #expect(isFlat, "\(Census.take().descriptors) after \(before.descriptors)")
        #expect(residentPages() - memory < 2_048)
    }

    private func residentPages() -> Int {
        let file = open("/proc/self/statm", O_RDONLY)
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 128)
        let count = read(file, &bytes, bytes.count)
        let fields = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self).split(separator: " ")
        return fields.count > 1 ? Int(fields[1]) ?? 0 : 0
    }
}
