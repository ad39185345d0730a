import DialogUsage
import Media
import SDP
import SIPMessage
import SansIO
import SoftphoneCore
import Testing

@Suite("Conferences, recordings, redirection")
struct ConferenceTests {
    private func two() throws -> Desk {
        var desk = try Desk()
        try desk.call("c1")
        try desk.call("c2", to: "carol")
        return desk
    }
    /// What each port was last told.
    private func plans(_ desk: Desk) -> [MediaID: MediaPlan] {
        var plans: [MediaID: MediaPlan] = [:]
        for command in desk.media {
            switch command {
            case .start(let id, let plan), .update(let id, let plan): plans[id] = plan
            case .close(let id): plans[id] = nil
            case .open, .sendDigits, .closeAll: break
            }
        }
        return plans
    }
    private func mixes(_ desk: Desk) -> [[MediaID]] {
        plans(desk).sorted { $0.key.serial < $1.key.serial }.map(\.value.mixes)
    }

    @Test("conference: the peers of two calls hear each other, until one is split off; no SIP is spoken about it")
    func conference() throws {
        var desk = try two()
        let (first, second) = (MediaID(serial: 1), MediaID(serial: 2))
        let requests = desk.sent.count
        let together = try desk.type("conference c1 c2")
        #expect(desk.success(together)?.text == "talking together: c1, c2")
        #expect(mixes(desk) == [[second], [first]])
        #expect(desk.value("call.c1.conference") == .flag(true))
        let apart = try desk.type("split c1")
        #expect(desk.success(apart) != nil)
        #expect(mixes(desk) == [[], []])
        #expect(desk.value("call.c2.conference") == .flag(false), "nobody is in a conference with himself")
        #expect(desk.sent.count == requests)
        try desk.leave()
    }

    @Test("Without names it is of all calls; one that we hold is resumed first, and the command waits for that")
    func heldOne() throws {
        var desk = try two()
        let hold = try desk.type("hold c1")
        try desk.answer(.invite, 200, try answer(to: desk.requests(.invite).last, .receiveOnly))
        #expect(desk.success(hold) != nil)
        let together = try desk.type("conference")
        #expect(desk.result(together) == nil)
        try desk.answer(.invite, 200, try answer(to: desk.requests(.invite).last))
        #expect(desk.success(together) != nil)
        #expect(desk.value("call.c1.state") == .text("connected"))
        #expect(mixes(desk) == [[MediaID(serial: 2)], [MediaID(serial: 1)]])
        try desk.leave()
    }

    @Test("A held call that cannot be resumed fails the command once")
    func resumeFails() throws {
        var desk = try two()
        for _ in 0..<2 {
            try desk.type(desk.requests(.invite).count == 2 ? "hold c1" : "hold c2")
            try desk.answer(.invite, 200, try answer(to: desk.requests(.invite).last, .receiveOnly))
        }
        let together = try desk.type("conference")
        try desk.answer(.invite, 488)
        #expect(desk.failure(together)?.status == 488)
        try desk.leave()
    }

    @Test(
        "When a call of a conference of three ends, the other two go on; when two are left and one ends, nobody mixes")
    func ending() throws {
        var desk = try two()
        try desk.call("c3", to: "dave")
        try desk.type("conference")
        #expect(mixes(desk).map(\.count) == [2, 2, 2])
        try desk.type("hangup c2")
        try desk.answer(.bye, 200)
        #expect(mixes(desk) == [[MediaID(serial: 3)], [MediaID(serial: 1)]])
        try desk.type("hangup c3")
        try desk.answer(.bye, 200)
        #expect(mixes(desk) == [[]])
        try desk.leave()
    }

    @Test("One call is no conference, and a name may stand only once")
    func wrong() throws {
        var desk = try Desk()
        try desk.call("c1")
        let alone = try desk.type("conference")
        #expect(desk.failure(alone)?.text.contains("call somebody else too") == true)
        #expect(throws: CommandError.self) { try Command.parse(line: "conference c1") }
        #expect(throws: CommandError.self) { try Command.parse(line: "conference c1 c1") }
        #expect(try Command.parse(line: "conference c1 c2 c3") == .conference(["c1", "c2", "c3"].map(UsageName.init)))
        try desk.leave()
    }

    @Test("record: both sides go to a file until stop; the row says so when the file is open")
    func recording() throws {
        var desk = try two()
        desk.isAudioPrompt = false
        let begin = try desk.type("record c1 /tmp/out.wav")
        #expect(plans(desk)[MediaID(serial: 1)]?.recording == MediaPlan.Recording(path: "/tmp/out.wav"))
        #expect(desk.result(begin) == nil)
        desk.letAudioAnswer()
        #expect(desk.success(begin)?.text == "recording to /tmp/out.wav")
        #expect(desk.value("call.c1.recording") == .flag(true))
        let again = try desk.type("record c2 /tmp/out.wav")
        #expect(desk.failure(again) != nil, "one file for one call")
        let end = try desk.type("stop")
        #expect(desk.success(end) != nil)
        #expect(plans(desk)[MediaID(serial: 1)]?.recording == nil)
        #expect(desk.value("call.c1.recording") == .flag(false))
        try desk.leave()
    }

    @Test("A file that cannot be written fails the command, and the call goes on")
    func noFile() throws {
        var desk = try two()
        desk.hasAudio = false
        let begin = try desk.type("record c1 /nowhere/out.wav")
        #expect(desk.failure(begin)?.kind == .media)
        #expect(desk.value("call.c1.recording") == .flag(false))
        #expect(desk.value("call.c1.state") == .text("connected"))
        try desk.leave()
    }

    @Test("A recording that breaks off is said with its reason, one that the end of its call ends as well, each once")
    func recordingEnds() throws {
        var desk = try two()
        try desk.type("record c1 /tmp/out.wav")
        try desk.type("record c2 /tmp/two.wav")
        let failure = MediaFailure.cannotWrite(path: "/tmp/out.wav", reason: "the disk is full")
        desk.give(.media(.failed(MediaID(serial: 1), failure)))
        let broken = try #require(desk.happenings.last { $0.name == "call.recorded" })
        #expect(broken.alias == "c1" && broken["file"] == .text("/tmp/out.wav"))
        #expect(broken["reason"]?.description.contains("the disk is full") == true)
        #expect(desk.value("call.c1.recording") == .flag(false) && desk.value("call.c2.recording") == .flag(true))
        try desk.type("hangup c2")
        try desk.answer(.bye, 200)
        let names = desk.names(of: "call.").suffix(2)
        #expect(names == ["call.recorded", "call.ended"])
        let whole = try #require(desk.happenings.last { $0.name == "call.recorded" })
        #expect(whole.alias == "c2" && whole["file"] == .text("/tmp/two.wav") && whole["reason"] == nil)
        try desk.leave()
        #expect(desk.names(of: "call.recorded").count == 2)
    }

    @Test("The audio thread may have to choose another name than ours: the one it chose is told, and kept to")
    func otherName() throws {
        var desk = try two()
        desk.isAudioPrompt = false
        let begin = try desk.type("record c1")
        desk.give(.media(.recording(MediaID(serial: 1), "/tmp/call-2.wav")))
        #expect(desk.success(begin)?.text == "recording to /tmp/call-2.wav")
        try desk.type("mute c1")
        #expect(plans(desk)[MediaID(serial: 1)]?.recording == MediaPlan.Recording(path: "/tmp/call-2.wav"))
        let end = try desk.type("stop")
        #expect(desk.success(end)?.text == "recorded to /tmp/call-2.wav")
        desk.isAudioPrompt = true
        try desk.leave()
    }

    @Test("A recording without a name is called after the time and the call, and a file name is taken for no call")
    func names() throws {
        var desk = try two()
        let begin = try desk.type("record c1")
        #expect(desk.success(begin)?.text.hasSuffix("-c1.wav") == true)
        #expect(try Command.parse(line: "record out.wav") == .record(nil, file: "out.wav"))
        #expect(try Command.parse(line: "record c1 out") == .record(UsageName("c1"), file: "out"))
        #expect(Epoch(seconds: 1_289_690_940).stamp(at: .zero) == "20101113-232900")
        try desk.leave()
    }

    @Test("redirect: the caller is told where else to call (302, RFC 3261 §21.3.3)")
    func redirect() throws {
        var desk = try Desk()
        try desk.send(.invite, to: "alice", [.contentType: "application/sdp"], body: description().serialised())
        let away = try desk.type("redirect carol")
        #expect(desk.responses(302).last?.value(.contact) == "<sip:carol@192.0.2.1>")
        var ack = try #require(desk.lastFromOutside)
        ack.method = .ack
        ack.body = []
        ack.fields.remove(.contentType)
        ack.fields.set(.to, try #require(desk.responses(302).last?.value(.to)))
        ack.fields.set(.cSeq, "\(ack.fields.first(.cSeq)?.prefix { $0 != " " } ?? "") ACK")
        desk.deliver(ack.serialised())
        desk.run(for: .seconds(40))
        #expect(desk.success(away)?.text == "sent to sip:carol@192.0.2.1")
        #expect(desk.softphone.model.calls.first?.ending == "sent to sip:carol@192.0.2.1")
        try desk.leave()
    }

    @Test("transfer attended names two calls")
    func attended() throws {
        #expect(
            try Command.parse(line: "transfer attended c1 c2") == .transfer(UsageName("c1"), .call(UsageName("c2"))))
    }
}
