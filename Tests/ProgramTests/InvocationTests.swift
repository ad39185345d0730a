import BatchScript
import Testing

@testable import lastcall

@Suite("The command line")
struct InvocationTests {
    private func refusal(_ arguments: [String]) -> String? {
        if case .refusal(let text) = Invocation(arguments) { text } else { nil }
    }

    @Test("An unknown option is refused with a suggestion")
    func suggestion() {
        #expect(refusal(["--sandbx"])?.contains("--sandbox") == true)
        #expect(refusal(["--batch", "a", "--outptu", "jsonl"])?.contains("--output") == true)
    }

    @Test(
        "Values that cannot be are refused",
        arguments: [
            ["--batch", "a", "--output", "xml"], ["--batch", "a", "--timeout", "soon"],
            ["--batch", "a", "--timeout", "0"],
            ["--sandbox", "--sandbox-port", "70000"], ["--sandbox-port", "5070"], ["--timeout", "3s"],
            ["--output", "jsonl"], ["--color", "sometimes"], ["--theme", "plaid"],
            ["--batch", "a", "--theme", "light"],
            ["stray"], ["--check-config", "--print-config"],
            ["--import"], ["--import", "pidgin"], ["--import", "twinkle", "a", "b"],
        ])
    func refused(_ arguments: [String]) {
        #expect(refusal(arguments) != nil)
    }

    @Test("Options are read")
    func options() throws {
        guard
            case .run(let options) = Invocation(["--batch", "-", "--output", "jsonl", "--timeout", "2m", "--sandbox"])
        else {
            Issue.record("refused")
            return
        }
        #expect(options.batch == "-")
        #expect(options.output == .jsonl)
        #expect(options.timeout?.duration == .seconds(120))
        #expect(options.sandbox)
    }

    @Test("--help begins with examples and names the exit codes, --version is one line")
    func answers() {
        guard case .answer(let help) = Invocation(["--help"]), case .answer(let version) = Invocation(["--version"])
        else {
            Issue.record("refused")
            return
        }
        #expect(help.contains("lastcall --sandbox --batch tour.batch"))
        #expect(help.contains("7 unclean shutdown"))
        #expect(version.split(separator: "\n").count == 1)
        #expect(version.hasPrefix("lastcall "))
    }
}
