import DialogUsage
import SIPMessage
import SansIO
import SoftphoneCore
import Testing

extension Desk {
    /// A call to bob, or to somebody else, that stands under this name.
    mutating func call(_ name: String, to user: String = "bob") throws {
        try type("call \(user) as \(name)")
        try answer(.invite, 200, try SoftphoneCoreTests.answer(to: requests(.invite).last))
    }

    /// The end of every test: nothing is left, and nothing is said after it.
    mutating func leave() throws {
        try type("shutdown force")
        run(for: .milliseconds(10))
        #expect(isFinished && saidAfterFinish == 0 && isAudioSettled && answeredTwice.isEmpty)
        #expect(report?.census == ManagerCensus())
    }
}
