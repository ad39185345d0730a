import SoftphoneCore
import Testing

@Suite("What is wrong with a line")
struct CommandErrorTests {
    private func error(in line: String) -> CommandError? {
        do throws(CommandError) {
            _ = try Command.parse(line: line)
            return nil
        } catch {
            return error
        }
    }

    @Test(
        "The column is that of the word that is wrong, or of the place where one is missing",
        arguments: [
            ("", 1), ("   ", 1), ("regster", 1), ("  regster", 3), ("call", 5), ("call sip:", 6), ("call bob as", 12),
            ("call bob as 9x", 13), ("call bob extra", 10), ("account", 8), ("account ad", 9), ("message bob", 12),
            ("dtmf c1 12x", 9), ("fault lose 130%", 12), ("subscribe presence bob expires soon", 32),
            ("register expires 1s expires 2s", 21), ("message bob \"never closed", 13), ("call ${host", 6),
            ("reject c1 200", 11), ("register contact sip:a@b contact *", 34), ("register q 1.5", 12),
            ("publish presence opne", 18), ("shutdown graceful order ClientPublication,Foo", 25),
            ("fault refuse FOO 503", 14), ("fault crash presense", 13), ("dtmf c1 12 via tcp", 16),
        ])
    func columns(line: String, column: Int) {
        let error = error(in: line)
        #expect(error?.column == column, "\(String(describing: error))")
    }

    @Test(
        "What was probably meant is offered",
        arguments: [
            ("regster", "register"), ("cal bob", "call"), ("account ad x", "add"), ("hagnup", "hangup"),
            ("shutdown gracefull", "graceful"),
            ("shutdown force bestefort", "best-effort"), ("publish presence bussy", "busy"),
            ("call bob recrod x", "record"),
            ("fault refuse SUBSCIBE 503", "SUBSCRIBE"), ("fault crash presense", "presence"),
            ("shutdown graceful order ClientPublcation", "ClientPublication"),
        ])
    func suggestions(line: String, meant: String) {
        let text = error(in: line)?.text ?? ""
        #expect(text.contains("did you mean '\(meant)'?"), "\(text)")
    }

    @Test(
        "Every error says what to do about it, not only that something is wrong",
        arguments: [
            "xyzzy", "call", "call <>", "register expires soon", "account add 9 sip:a@b", "account add a sip:b",
            "answer c1 c2",
            "message bob hello there", "dtmf 12 34", "ring c1 200",
        ])
    func remedies(line: String) {
        let text = error(in: line)?.text ?? ""
        let helps = ["usage:", "write ", "use ", "did you mean", "lists them all", "needs one of", "needs "]
        #expect(helps.contains { text.contains($0) }, "\(text)")
    }

    @Test("A keyword in quotes is a text")
    func quotedKeywords() throws {
        #expect(
            try Command.parse(line: "message bob \"as\"")
                == .message(.user("bob"), text: "as", contentType: "text/plain;charset=UTF-8", Naming()))
        #expect(error(in: "message bob as") != nil)
    }
}
