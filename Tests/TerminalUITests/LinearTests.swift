import DialogUsage
import SansIO
import SoftphoneCore
import Testing

@testable import TerminalUI

@Suite("Lines instead of a screen (terminal.md, E 25)")
struct LinearTests {
    private func app(_ scene: Scene) -> LinearApp {
        var app = LinearApp()
        app.take(scene.model, at: Scene.now)
        _ = app.takeLines()
        return app
    }
    private func said(_ app: inout LinearApp, _ line: String) -> [String] {
        #expect(app.typed(line, at: Scene.now) == nil)
        return app.takeLines()
    }

    @Test("Who begins is told what to type, and how the accounts are")
    func greeting() {
        var app = LinearApp()
        app.take(Scene.busy(80, 24).model, at: Scene.now)
        #expect(
            app.takeLines() == [
                "lastcall, one line at a time. help lists the commands, quit leaves in order.",
                "sandbox at 127.0.0.1:5060; try call sip:echo@sandbox.test",
                "account alice, sip:alice@example.net, registered", "account bob, sip:bob@example.net, failing",
            ])
    }

    @Test("Every usage is one line with its state in words")
    func list() {
        var app = app(Scene.busy(80, 24))
        let lines = said(&app, "list")
        #expect(lines.first == "7 usages alive")
        #expect(lines.contains("cis-4, ClientInviteSession, carol@example.net, connected"))
        #expect(lines.contains("csub-7, ClientSubscription, erin@example.net, active, busy, fresh, next in 8:55"))
        #expect(lines.contains { $0.hasPrefix("csub-9") && $0.contains("open, stale") })
        #expect(
            said(&app, "show creg-2")
                == [
                    "creg-2, ClientRegistration, bob@lab.test, failing, next in 0:14",
                    "waits for a pause before the next REGISTER",
                ])
    }

    @Test("Every command of the table is understood and listed in help", arguments: CommandSpec.all)
    func commands(spec: CommandSpec) throws {
        var app = app(Scene.busy(80, 24))
        #expect(app.typed(spec.example, at: Scene.now) == (try Command.parse(line: spec.example)))
        #expect(app.takeLines().isEmpty)
        #expect(said(&app, "help").contains("  \(spec.grammar): \(spec.summary)"))
        #expect(said(&app, "help \(spec.word)").first?.hasPrefix(spec.grammar) == true)
    }

    @Test("A wrong line is answered with what is wrong; quit is shutdown")
    func errors() {
        var app = app(Scene.busy(80, 24))
        #expect(said(&app, "cal bob") == ["error: column 1: unknown verb 'cal'; did you mean 'call'?"])
        #expect(app.typed("quit", at: Scene.now) == .shutdown(ShutdownRequest(.graceful)))
        #expect(app.typed("   ", at: Scene.now) == nil)
    }

    @Test("The answer to a command comes with the line that asked for it, and no password with it")
    func answers() {
        var app = app(Scene.busy(80, 24))
        app.sent(RequestID(serial: 1), for: "register alice")
        app.sent(RequestID(serial: 2), for: "account add a sip:a@b.c password secret")
        #expect(app.isBusy)
        app.completed(RequestID(serial: 1), .succeeded(.init(text: "for 1h")), at: Scene.now)
        app.completed(RequestID(serial: 2), .failed(CommandFailure(.notNow, "it is there")), at: Scene.now)
        #expect(app.takeLines() == ["register alice: for 1h", "command: failed, it is there"])
        #expect(!app.isBusy)
    }

    @Test("Changes of others are announced: a call, a message, somebody's presence once")
    func announcements() {
        var scene = Scene.busy(80, 24)
        var app = app(scene)
        app.happened(
            Happening(
                "call.incoming", usage: AnyUsageID(kind: .serverInviteSession, serial: 3),
                fields: ["from": .text("sip:eve@example.net")], at: Scene.now))
        scene.model.presence[0].activities = ["on-the-phone"]
        app.take(scene.model, at: Scene.now)
        app.take(scene.model, at: Scene.now)
        #expect(
            app.takeLines() == [
                "sis-3: call from eve@example.net; answer sis-3, or reject sis-3",
                "erin@example.net is open, on-the-phone",
            ])
    }

    @Test("A shutdown tells once a second whom it waits for, and nothing when there is none")
    func leaving() {
        var app = app(Scene.busy(80, 24))
        #expect(app.wakesAfter(at: Scene.now) == nil)
        app.take(Scene.leaving(80, 24).model, at: Scene.now)
        app.elapsed(at: Scene.now)
        app.elapsed(at: Scene.now + .milliseconds(400))
        #expect(app.takeLines().isEmpty)
        #expect(app.wakesAfter(at: Scene.now + .milliseconds(400)) == .milliseconds(600))
        app.elapsed(at: Scene.now + .seconds(1))
        #expect(
            app.takeLines() == [
                "leaving, 3 of 7 ended, gives up in 1.1 s; csub-9 waits for the answer to SUBSCRIBE with Expires 0, "
                    + "sent 3 times, server silent 8.8 s; shutdown skip csub-9 leaves it"
            ])
    }

    @Test("No line holds a control character, whatever it was made from")
    func harmless() {
        var app = app(Scene.leaving(120, 30))
        app.elapsed(at: Scene.now)
        app.elapsed(at: Scene.now + .seconds(1))
        var lines = app.takeLines()
        for word in ["list", "help", "accounts", "log", "messages", "show csub-9"] { lines += said(&app, word) }
        #expect(lines.allSatisfy { line in line.unicodeScalars.allSatisfy { $0.value >= 32 && $0.value != 127 } })
    }
}
