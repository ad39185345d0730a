import CTerminal
import TerminalUI

/// Makes our keys of what the terminal sends. Keeps the beginning of a paste, or of a report of the mouse, whose end has
/// not come yet.
struct KeyReader {
    /// What the terminal sends, as ncurses tells it.
    struct Code {
        var kind: ct_key
        var value: UInt32 = 0
    }
    enum Input: Hashable {
        case key(Key)
        case mouse(Mouse)
    }
    private var pasted: Paste?
    /// What has come of a report of the mouse.
    private var report: String?
    /// No report that means something is longer.
    private static let longestReport = 20

    init() {}

    /// Everything that is there.
    mutating func readAll() -> [Input] {
        var codes: [Code] = []
        var value: UInt32 = 0
        while true {
            let kind = ct_next_key(&value)
            guard kind != ct_key_none else { return inputs(of: codes) }
            codes.append(Code(kind: kind, value: value))
        }
    }

    mutating func inputs(of codes: [Code]) -> [Input] {
        var inputs: [Input] = []
        var rest = codes[...]
        while let code = rest.popFirst() {
            if report != nil, pasted == nil, reports(code, &inputs) { continue }
            report = nil
            switch code.kind {
            case ct_key_paste_begin: pasted = Paste()
            case ct_key_paste_end:
                if let pasted { inputs.append(.key(.paste(pasted.whole))) }
                pasted = nil
            case ct_key_character where pasted != nil: inputs += paste(code.value).map(Input.key)
            // Nothing in a paste is a key, whatever it looks like.
            case _ where pasted != nil: break
            case ct_key_mouse: report = ""
            case ct_key_character where code.value == 27: inputs.append(.key(Self.escaped(by: &rest)))
            case ct_key_character: if let key = Self.key(code.value) { inputs.append(.key(key)) }
            case ct_key_function: inputs.append(.key(.function(Int(code.value))))
            default: if let key = Self.named(code.kind) { inputs.append(.key(key)) }
            }
        }
        return inputs
    }

    /// false: it is no part of the report, which is nothing then.
    private mutating func reports(_ code: Code, _ inputs: inout [Input]) -> Bool {
        guard let begun = report, code.kind == ct_key_character, let scalar = Unicode.Scalar(code.value),
            "0123456789;Mm".unicodeScalars.contains(scalar), begun.utf8.count < Self.longestReport
        else { return false }
        let text = begun + String(Character(scalar))
        let isOver = scalar == "M" || scalar == "m"
        report = isOver ? nil : text
        if isOver, let mouse = Mouse(report: text) { inputs.append(.mouse(mouse)) }
        return true
    }

    /// Esc alone is a key; a character that came in the same breath makes it Alt with that character.
    private static func escaped(by rest: inout ArraySlice<Code>) -> Key {
        guard let next = rest.first, next.kind == ct_key_character, next.value > 32, next.value != 127,
            let scalar = Unicode.Scalar(next.value)
        else { return .escape }
        rest.removeFirst()
        return .alt(Character(scalar))
    }

    private mutating func paste(_ value: UInt32) -> [Key] {
        guard let scalar = Unicode.Scalar(value), pasted?.take(scalar) == .over else { return [] }
        defer { pasted = nil }
        return [.paste(pasted?.text ?? "")]
    }

    private static func key(_ value: UInt32) -> Key? {
        switch value {
        case 8, 127: .backspace
        case 9: .tab
        case 10, 13: .enter
        case 0..<32: Unicode.Scalar(value + 64).map { .control(Character(Character($0).lowercased())) }
        default: Unicode.Scalar(value).map { .character(Character($0)) }
        }
    }

    private static func named(_ kind: ct_key) -> Key? {
        switch kind {
        case ct_key_up: .up
        case ct_key_down: .down
        case ct_key_left: .left
        case ct_key_right: .right
        case ct_key_home: .home
        case ct_key_end: .end
        case ct_key_page_up: .pageUp
        case ct_key_page_down: .pageDown
        case ct_key_enter: .enter
        case ct_key_back_tab: .backTab
        case ct_key_backspace: .backspace
        case ct_key_delete: .delete
        case ct_key_insert: .insert
        default: nil
        }
    }
}
