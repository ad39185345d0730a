import CTerminal
import TerminalUI

/// Makes our keys of what the terminal sends. Keeps the beginning of a paste whose end has not come yet.
struct KeyReader {
    private var pasted: String?
    /// A paste longer than this is cut: no field takes more.
    private static let mostPasted = 65_536

    init() {}

    /// All keys that are there.
    mutating func readAll() -> [Key] {
        var keys: [Key] = []
        var value: UInt32 = 0
        while true {
            let kind = ct_next_key(&value)
            guard kind != ct_key_none else { return keys }
            read(kind, value, into: &keys)
        }
    }

    private mutating func read(_ kind: ct_key, _ value: UInt32, into keys: inout [Key]) {
        switch kind {
        case ct_key_paste_begin: pasted = ""
        case ct_key_paste_end:
            if let pasted { keys.append(.paste(pasted)) }
            pasted = nil
        case ct_key_character where pasted != nil: paste(value)
        case ct_key_character where value == 27: readAfterEscape(into: &keys)
        case ct_key_character: if let key = Self.key(value) { keys.append(key) }
        case ct_key_function: keys.append(.function(Int(value)))
        default: if pasted == nil, let key = Self.named(kind) { keys.append(key) }
        }
    }

    /// Esc alone is a key; a character that came in the same breath makes it Alt with that character.
    private mutating func readAfterEscape(into keys: inout [Key]) {
        var value: UInt32 = 0
        let kind = ct_next_key(&value)
        if kind == ct_key_character, value > 32, value != 127, let scalar = Unicode.Scalar(value) {
            return keys.append(.alt(Character(scalar)))
        }
        keys.append(.escape)
        if kind != ct_key_none { read(kind, value, into: &keys) }
    }

    private mutating func paste(_ value: UInt32) {
        guard let scalar = Unicode.Scalar(value), (pasted?.unicodeScalars.count ?? 0) < Self.mostPasted else { return }
        pasted?.unicodeScalars.append(scalar == "\r" ? "\n" : scalar)
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
