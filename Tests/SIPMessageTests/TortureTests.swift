import Foundation
import SIPMessage
import Testing

@Suite("Torture messages of RFC 4475 and RFC 5118")
struct TortureTests {
    @Test("Every message gets the verdict of the manifest, and every fact is read as it says")
    func corpus() throws {
        guard !Torture.cases.isEmpty else {
            print("torture corpus absent: \(Torture.folder.relativePath)")
            return
        }
        var verdicts = 0
        var facts = 0
        for sample in Torture.cases {
            let message = try SIPMessage(parsing: sample.bytes)
            #expect(message.isRequest == sample.isRequest, "\(sample.id)")
            if agrees(sample, refusal(of: message)) { verdicts += 1 }
            for (path, expected) in sample.facts.sorted(by: { $0.key < $1.key }) {
                do {
                    let found = try TortureFacts(message: message).value(at: path)
                    #expect(found == expected, "\(sample.id): \(path)")
                    if found == expected { facts += 1 }
                } catch { Issue.record("\(sample.id): \(path): \(error)") }
            }
        }
        #expect(verdicts == Torture.cases.count)
        #expect(facts == Torture.cases.reduce(0) { $0 + $1.facts.count })
        print("torture \(verdicts)/\(Torture.cases.count) verdicts, \(facts) facts")
    }

    private func refusal(of message: SIPMessage) -> SIPParseError? {
        do {
            try message.checkedCoreFields()
            return nil
        } catch { return error }
    }

    /// A message that may be refused or repaired is refused here. The status is one that the manifest allows.
    private func agrees(_ sample: Torture.Case, _ refusal: SIPParseError?) -> Bool {
        let wasRight: Bool
        switch sample.verdict {
        case "must-accept", "either": wasRight = refusal == nil
        case "must-reject", "reject-preferred": wasRight = refusal != nil
        default: wasRight = false
        }
        #expect(wasRight, "\(sample.id): \(sample.verdict), but \(refusal?.description ?? "accepted")")
        guard wasRight, let refusal, sample.isRequest else { return wasRight }
        let status = refusal.suggestedStatus.map { Int($0.value) }
        let isAllowed = status.map { sample.statuses.contains($0) && !sample.neverStatuses.contains($0) }
        #expect(isAllowed ?? sample.maySayNothing, "\(sample.id): \(refusal) suggests \(status ?? 0)")
        return isAllowed ?? sample.maySayNothing
    }

    @Test("The octets after the first message of `dblreq` are a message of their own on a stream (RFC 4475 §3.1.1.8)")
    func twoMessagesOnAStream() throws {
        guard let sample = Torture.cases.first(where: { $0.id.hasSuffix("dblreq") }) else { return }
        var framer = StreamFramer()
        framer.append(sample.bytes)
        var methods: [Method] = []
        while let item = framer.next() {
            if case .message(let bytes) = item { methods.append(try SIPMessage(parsing: bytes).method) }
        }
        #expect(methods == [.register, .invite])
    }
}
