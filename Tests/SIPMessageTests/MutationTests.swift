import SIPMessage
import SansIO
import Testing

@Suite("Mutations")
struct MutationTests {
    @Test("No mutation of a message traps, whichever way it comes", arguments: 1...8)
    func mutations(seed: UInt64) throws {
        var entropy = Entropy(seed: seed)
        let seeds =
            Torture.cases.map(\.bytes) + [
                Samples.bytes(), Samples.bytes([("Content-Length", ["l: 5"])], body: "12345"),
            ]
        var read = 0
        for _ in 0..<400 {
            var bytes = seeds[entropy.below(seeds.count)]
            for _ in 0...entropy.below(4) { entropy.mutate(&bytes) }
            if let message = try? SIPMessage(parsing: bytes) {
                read += 1
                exercise(message)
            }
            var framer = StreamFramer()
            var cut = 0
            while cut < bytes.count {
                let next = min(bytes.count, cut + 1 + entropy.below(200))
                framer.append(Array(bytes[cut..<next]))
                cut = next
                while let item = framer.next() {
                    if case .message(let whole) = item, let message = try? SIPMessage(parsing: whole, from: .stream) {
                        exercise(message)
                    }
                }
            }
        }
        #expect(read > 100)
    }
}

extension Entropy {
    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(max(1, bound))) }

    /// Changes, removes, repeats or inserts a little.
    mutating func mutate(_ bytes: inout [UInt8]) {
        guard !bytes.isEmpty else { return }
        let at = below(bytes.count)
        let interesting = Array("\r\n \t:;,<>\"\\%@=?/[]\0\u{7F}0912*".utf8) + [0xFF, 0x80]
        switch below(6) {
        case 0: bytes[at] = UInt8(truncatingIfNeeded: next())
        case 1: bytes[at] = interesting[below(interesting.count)]
        case 2: bytes.insert(interesting[below(interesting.count)], at: at)
        case 3: bytes.removeSubrange(at..<min(bytes.count, at + 1 + below(20)))
        case 4: bytes.insert(contentsOf: bytes[at..<min(bytes.count, at + 1 + below(60))], at: at)
        default: bytes.removeSubrange(at...)
        }
    }
}
