import BatchScript
import SansIO
import Testing

@Suite("What a script has written down")
struct DumpTests {
    private static let script = """
        register
        assert last.response.status == 200
        assert last.response.header("Contact") ~ /sip:alice@/
        assert last.response.header(CSeq) ~ /REGISTER/
        call sip:echo@sandbox.test as c1 header "X-Ticket: 4711"
        expect call.connected of c1 within 3s
        dump state state.json
        dump ladder c1 ladder.txt
        dump pcap c1 call.pcap
        dump ladder c1
        dump state
        """

    @Test("The state as JSON, the ladder as text, the messages as a capture, and the newest answer in an assert")
    func dumps() throws {
        let run = try SimulatedRun.run(Self.script)
        #expect(run.verdict?.exit == .success, "\(run.lines.map(\.text).joined(separator: "\n"))")
        let state = String(decoding: run.files["state.json"] ?? [], as: UTF8.self)
        #expect(state.hasPrefix("{\"v\":1,\"type\":\"state\""))
        #expect(state.contains("\"registration\":\"registered\""))
        #expect(state.contains("\"name\":\"c1\""))
        let ladder = String(decoding: run.files["ladder.txt"] ?? [], as: UTF8.self).split(separator: "\n")
        #expect(ladder.first?.contains("──▶  INVITE (sdp)") == true, "\(ladder)")
        #expect(ladder.contains { $0.contains("◀──  200 OK (sdp)") })
        #expect(ladder.last?.contains("──▶  ACK") == true, "\(ladder)")
        let records = run.lines.map(\.text).filter { $0.contains("\"type\":\"dump\"") }
        #expect(records.count == 2)
        #expect(records.first?.contains("\"what\":\"ladder\"") == true)
    }

    @Test("A capture is what packet analysers read: each message in an IP packet with its ports and a right checksum")
    func capture() throws {
        let bytes = try #require(try SimulatedRun.run(Self.script).files["call.pcap"])
        #expect(Array(bytes[0..<4]) == [0xD4, 0xC3, 0xB2, 0xA1])
        #expect(bytes[20] == 101)
        var messages: [String] = []
        var place = 24
        while place < bytes.count {
            let length = Int(bytes[place + 8]) | Int(bytes[place + 9]) << 8
            let packet = Array(bytes[(place + 16)..<(place + 16 + length)])
            #expect(packet[0] == 0x45)
            #expect(Int(packet[2]) << 8 | Int(packet[3]) == length)
            var sum = stride(from: 0, to: 20, by: 2).reduce(0) { $0 + Int(packet[$1]) << 8 + Int(packet[$1 + 1]) }
            while sum > 0xFFFF { sum = sum & 0xFFFF + sum >> 16 }
            #expect(sum == 0xFFFF)
            messages.append(String(decoding: packet[28...], as: UTF8.self))
            place += 16 + length
        }
        #expect(place == bytes.count)
        #expect(messages.first?.hasPrefix("INVITE sip:echo@sandbox.test SIP/2.0\r\n") == true)
        #expect(messages.first?.contains("\r\nX-Ticket: 4711\r\n") == true)
        #expect(!messages.contains { $0.contains("response=\"") }, "credentials are masked")
    }

    @Test("snapshot and dump write files; who is not there cannot be dumped; what cannot be written fails the step")
    func steps() throws {
        let lab = try Lab.run("snapshot screen.txt\ndump pcap c1 c1.pcap\nprint on")
        #expect(lab.written == ["screen.txt", "c1.pcap"])
        #expect(lab.printed == ["on"])
        #expect(try SimulatedRun.run("dump ladder c7").verdict?.exit == .failed)
        #expect(try SimulatedRun.run("snapshot screen.txt").verdict?.exit == .failed)
    }

    @Test(
        "What cannot be dumped or asked is refused with its place",
        arguments: [
            ("dump", 5, "state, ladder, pcap"), ("dump stat", 6, "did you mean 'state'"),
            ("dump pcap c1", 13, "a usage and a file"), ("snapshot", 9, "takes a file"),
            ("assert last.response.code == 200", 8, "last.response.status"),
            ("assert last.response.header() == 200", 28, "the name of a header field"),
            ("assert last.response.header(\"Contact == 200", 28, "never closed"),
        ])
    func errors(_ line: String, _ column: Int, _ remedy: String) {
        let found = Lab.errors(in: line).first
        #expect(found?.text.contains(remedy) == true, "\(String(describing: found))")
        #expect(found?.column == column, "\(String(describing: found))")
    }
}
