/// Text that came from elsewhere, made fit for a terminal, a log or a report: whatever would move a cursor, change the
/// direction of writing or not show at all is shown as a sign of its own.
///
/// C0 controls and DEL become their control pictures (ESC is ␛), everything else that does not print becomes its code
/// point, such as ‹U+202E›. Octets that were no UTF-8 are U+FFFD already.
package func visible(_ text: some StringProtocol) -> String { visible(String(text)) }

package func visible(_ text: String) -> String {
    if text.utf8.allSatisfy({ $0 >= 32 && $0 < 127 }) { return text }
    var shown = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
        switch scalar.value {
        case 0..<32: shown.append(Unicode.Scalar(0x2400 + scalar.value) ?? "\u{FFFD}")
        case 127: shown.append("\u{2421}")
        default:
            if isPrinted(scalar) {
                shown.append(scalar)
            } else {
                shown.append(contentsOf: "‹U+\(hexadecimal(scalar.value))›".unicodeScalars)
            }
        }
    }
    return String(shown)
}

private func isPrinted(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
    default: !scalar.properties.isDefaultIgnorableCodePoint && !scalar.properties.isNoncharacterCodePoint
    }
}

private func hexadecimal(_ value: UInt32) -> String {
    let digits = String(value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
}
