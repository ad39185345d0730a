import SIPMessage
import SansIO
import Testing

@testable import DialogUsage
@testable import SoftphoneCore
@testable import TerminalUI

@Suite("Keys")
struct KeyTests {
    private let call = UsageName("cis-4")

    @Test(
        "Every key of the table leads to its verb, opens the prompt with it, or says why it cannot",
        arguments: CommandSpec.all.filter { $0.key != nil })
    func table(spec: CommandSpec) throws {
        let key = Key.character(try #require(spec.key))
        for base in [Scene.busy(80, 24), Scene(size: Size(columns: 80, rows: 24))] {
            var scene = base
            let commands = scene.press(key)
            let isPrompted =
                if case .prompt(let editor, nil) = scene.app.mode { editor.line.hasPrefix(spec.words[0]) } else {
                    false
                }
            let isDigits = if case .digits = scene.app.mode { spec.verb == .dtmf } else { false }
            let isArmed = scene.app.leaving != .no
            #expect(
                !commands.isEmpty || isPrompted || isDigits || isArmed || scene.app.notice != nil, "\(key) is silent")
            if scene.app.notice?.isFault == true { #expect(commands.isEmpty) }
        }
    }

    @Test("With something alive, each key gives the documented command")
    func commands() {
        func given(_ key: Character, _ scene: Scene = Scene.busy(80, 24)) -> [Command] {
            var scene = scene
            return scene.press(.character(key))
        }
        #expect(given("r") == [.register(account: nil, expires: nil, alias: nil)])
        #expect(given("x") == [.hangUp(.one(call), reason: nil)])
        #expect(given("H") == [.hold(call)])
        #expect(given("m") == [.mute(call)])
        #expect(given("P") == [.unpublish(UsageName("cpub-1"))])
        #expect(given("!") == [.shutdown(ShutdownRequest(.force(bestEffort: false)))])
        var chosen = Scene.busy(80, 24)
        chosen.press(.character("4"))
        #expect(given("S", chosen) == [.unsubscribe(UsageName("csub-7"))])
        #expect(given("f", chosen) == [.refresh(UsageName("csub-7"))])
        chosen.press(.character("7"))
        #expect(given("R", chosen) == [.unregister(UsageName("creg-1"))])
    }

    @Test("Where there are several and none is selected, the key asks for a choice")
    func ambiguous() {
        var scene = Scene.busy(80, 24)
        #expect(scene.press(.character("S")).isEmpty)
        #expect(scene.lastLines[0] == " ! select the one you mean first")
    }

    @Test("Hold and mute are turned back by the same key")
    func toggles() {
        var scene = Scene.busy(80, 24)
        scene.model.usages[1].call?.state = .held
        scene.model.calls[0].state = .held
        scene.model.calls[0].isMuted = true
        scene.show()
        #expect(scene.press(.character("H")) == [.resume(call)])
        #expect(scene.press(.character("U")) == [.resume(call)])
        #expect(scene.press(.character("m")) == [.unmute(call)])
        #expect(scene.press(.character("M")) == [.unmute(call)])
    }

    @Test("Record, conference and transfer: the keys begin them, the same keys end the first two")
    func together() {
        var scene = Scene.busy(120, 30)
        #expect(scene.press(.character("W")) == [.record(call, file: nil)])
        #expect(scene.press(.character("C")).isEmpty)
        #expect(scene.lastLines[0] == " ! a conference needs two calls that are connected")
        scene.press(.character("T"))
        #expect(scene.lastLines[0] == " ! there is no other call to transfer it to; call first")
        scene.add(Scene.summary(.clientInviteSession, 5, "sip:dora@example.net", "connected"), call: .held)
        scene.show()
        scene.press(.character("3"))
        #expect(scene.press(.character("C")) == [.conference([])])
        scene.press(.character("T"))
        #expect(scene.app.mode == .prompt(LineEditor("transfer attended cis-4 cis-5"), fault: nil))
        #expect(scene.press(.enter) == [.transfer(call, .call(UsageName("cis-5")))])
        // From the later call it is the same: who was called first goes to whom one has just asked (RFC 5589 §7).
        scene.model.calls[1].since = Scene.now
        scene.model.usages[scene.model.usages.count - 1].call = scene.model.calls[1]
        scene.show()
        scene.press(.down, .character("T"))
        #expect(scene.app.mode == .prompt(LineEditor("transfer attended cis-4 cis-5"), fault: nil))
        scene.press(.escape, .up)
        scene.press(.character("t"))
        scene.type("erin")
        #expect(scene.press(.enter) == [.transfer(call, .peer(.user("erin")))])
        for index in scene.model.usages.indices where scene.model.usages[index].call != nil {
            scene.model.usages[index].call?.conference = 1
            scene.model.usages[index].call?.recording = "/tmp/out.wav"
        }
        scene.model.calls = scene.model.usages.compactMap(\.call)
        scene.show()
        #expect(scene.press(.character("C")) == [.split(call)])
        #expect(scene.press(.character("W")) == [.stopRecording(call)])
        #expect(scene.frame().lines.contains { $0.contains("IN A CONFERENCE with cis-5") })
        #expect(scene.frame().lines.contains { $0.contains("● recording to /tmp/out.wav") })
        #expect(scene.lastLines[1].contains("W end recording  C split"))
        scene = Self.resized(scene, 80, 24)
        #expect(scene.frame().lines.contains { $0.contains("carol@example.net ●rec ◆1") })
    }

    private static func resized(_ scene: Scene, _ columns: Int, _ rows: Int) -> Scene {
        var scene = scene
        _ = scene.app.update(.resized(Size(columns: columns, rows: rows)), at: Scene.now)
        return scene
    }

    @Test("The detail of a call says how it sounds: score, word, and a bar for each two seconds of the last minute")
    func quality() {
        var scene = Scene.busy(120, 30)
        for index in scene.model.usages.indices where scene.model.usages[index].call != nil {
            scene.model.usages[index].call?.quality = [nil, nil, 4.4, 4.4, 3.2, 4.4, 1.2, 1.1, 4.35]
        }
        scene.model.calls = scene.model.usages.compactMap(\.call)
        scene.show()
        scene.press(.character("3"))
        #expect(scene.frame().lines.contains { $0.contains("│ MOS 4.4 good   █▆▁▁") }, "\(scene.frame().lines)")
        #expect(Sparkline.text([]) == "")
        #expect(Sparkline.text(Array(repeating: 4.4, count: 60)).count == 30)
    }

    @Test(
        "Digits are for the call they were begun for: when it ends they go to no other one, also if that is the only one"
    )
    func digitsOfAnEndedCall() {
        var scene = Scene.busy(80, 24)
        let bank = Scene.summary(.clientInviteSession, 6, "sip:bank@example.net", "connected")
        scene.add(bank, call: .connected)
        scene.show()
        scene.press(.character("3"), .down)
        scene.press(.character("d"))
        #expect(scene.press(.character("1")) == [.dtmf(UsageName("cis-6"), digits: "1", .rtp)])
        scene.model.usages.removeAll { $0.id == bank.id }
        for index in scene.model.calls.indices where scene.model.calls[index].id == bank.id {
            scene.model.calls[index].state = .ended
        }
        scene.show()
        #expect(scene.app.selectedCall != nil, "the other call is the only one")
        #expect(scene.press(.character("2")).isEmpty)
        #expect(scene.lastLines[0].contains("the call is over; the digit was not sent"))
    }

    @Test("Digits go to the call one by one until Esc, and say so when the call is over")
    func digits() {
        var scene = Scene.busy(80, 24)
        scene.press(.character("d"))
        #expect(scene.type("4#").map { "\($0)" }.count == 2)
        #expect(scene.lastLines[0].contains("digits: 4#"))
        #expect(scene.press(.character("Q")).isEmpty && scene.app.leaving == .no)
        scene.model.usages.removeAll { $0.call != nil }
        scene.model.calls = []
        scene.show()
        #expect(scene.press(.character("1")).isEmpty)
        #expect(scene.lastLines[0].contains("the call is over"))
        #expect(scene.press(.character("d")).isEmpty && scene.app.mode == .browsing)
    }

    @Test("Every key that does something is in one of the two tables")
    func listed() {
        for code in UInt8(33)...126 {
            let character = Character(Unicode.Scalar(code))
            var scene = Scene.busy(80, 24)
            scene.press(.character(character))
            let isUnknown = scene.app.notice?.text.hasPrefix("no key") == true
            #expect((KeyMap().target(of: .character(character)) == nil) == isUnknown, "\(character)")
        }
    }

    @Test("A key that the configuration gives does what the old one did, and the old one says that it does nothing")
    func remapped() {
        var keys = KeyMap()
        #expect(
            keys.rebind([
                .verb(.hangUp): [.character("X")], .screen(.down): [.character("n")],
                .verb(.denyTransfer): [],
            ]) == nil)
        var scene = Scene.busy(120, 30)
        scene.app = App(keys: keys)
        _ = scene.app.update(.resized(Size(columns: 120, rows: 30)), at: Scene.now)
        scene.show()
        scene.press(.character("3"))
        #expect(scene.lastLines[1].contains("X hangup"))
        #expect(scene.press(.character("X")) == [.hangUp(.one(call), reason: nil)])
        #expect(scene.press(.character("x")).isEmpty)
        #expect(scene.lastLines[0].contains("no key x here"))
        let selected = scene.app.selected
        scene.press(.character("j"), .down)
        #expect(scene.app.selected == selected)
        scene.press(.character("n"))
        #expect(scene.app.selected == selected + 1)
    }

    @Test("The first screen names the keys that the configuration gives, and types what has none")
    func welcome() {
        var keys = KeyMap()
        #expect(keys.rebind([.verb(.call): [.function(12)], .verb(.publish): []]) == nil)
        var scene = Scene(size: Size(columns: 120, rows: 30))
        scene.app = App(keys: keys)
        _ = scene.app.update(.resized(Size(columns: 120, rows: 30)), at: Scene.now)
        scene.show()
        #expect(scene.frame().lines.contains { $0.contains(" F12 call") })
        #expect(scene.frame().lines.contains { $0.contains(" :publish publish: open") })
    }

    @Test("Two commands cannot have the same key; nothing is changed then")
    func conflict() {
        var keys = KeyMap()
        let conflict = keys.rebind([.verb(.hangUp): [.character("c")]])
        #expect(conflict?.key == .character("c"))
        #expect(conflict.map { [$0.first, $0.second] } == [.verb(.call), .verb(.hangUp)])
        #expect(keys == KeyMap())
    }

    @Test("A key is written as the help names it", arguments: KeyMap.Target.all)
    func names(target: KeyMap.Target) {
        for key in target.usualKeys {
            let name = ["↑": "Up", "↓": "Down", "←": "Left", "→": "Right"][key.description] ?? key.description
            #expect(Key(named: name) == key)
        }
    }

    @Test("The key bar shows what can be done to what is selected")
    func keyBar() {
        var scene = Scene.busy(120, 30)
        scene.press(.character("3"))
        #expect(scene.lastLines[1].contains("x hangup  H hold  t transfer  d dtmf"))
        scene.press(.character("4"))
        #expect(scene.lastLines[1].contains("S unsubscribe  f refresh"))
        scene.press(.character("7"))
        #expect(scene.lastLines[1].contains("R unregister  f refresh"))
        #expect(scene.lastLines[1].hasSuffix("Q shutdown"))
    }

    @Test("What was just made is selected, unless the user has chosen something else")
    func following() {
        var scene = Scene.busy(80, 24)
        let result = CommandResult.Success(usage: AnyUsageID(kind: .clientPublication, serial: 1), text: "published")
        _ = scene.app.update(.completed(RequestID(serial: 1), .succeeded(result)), at: Scene.now)
        scene.show()
        #expect(scene.app.selectedUsage?.name == "cpub-1")
        scene.press(.character("3"))
        _ = scene.app.update(.completed(RequestID(serial: 2), .succeeded(result)), at: Scene.now)
        scene.show()
        #expect(scene.app.selectedUsage?.name == "cis-4")
    }
}
