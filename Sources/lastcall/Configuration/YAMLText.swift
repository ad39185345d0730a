/// Values as YAML that every reader of YAML takes for the same text.
enum YAMLText {
    /// Behind a key: bare where that is safe, else in double quotes.
    static func scalar(_ text: String) -> String {
        isPlain(text, also: "()*!?'<>|~%&$^") ? text : quoted(text)
    }
    /// Between brackets, where commas and brackets mean something.
    static func inList(_ text: String) -> String { isPlain(text, also: "") ? text : quoted(text) }

    private static let safe = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:@;=+ ")
    /// What YAML 1.1 or 1.2 takes for something else than text.
    private static let words: Set<String> = [
        "null", "true", "false", "yes", "no", "on", "off", "y", "n", ".inf", ".nan", "+.inf", "-.inf",
    ]

    private static func isPlain(_ text: String, also further: String) -> Bool {
        guard let first = text.first, let last = text.last, first.isASCII, first.isLetter || first == "/" else {
            return false
        }
        return text.allSatisfy { safe.contains($0) || further.contains($0) } && last != ":" && last != " "
            && !text.contains(": ") && !words.contains(text.lowercased())
    }

    static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\r": quoted += "\\r"
            case "\t": quoted += "\\t"
            default:
                if scalar.properties.generalCategory.isPrintable {
                    quoted.unicodeScalars.append(scalar)
                } else {
                    let digits = String(scalar.value, radix: 16, uppercase: true)
                    quoted += "\\U" + String(repeating: "0", count: 8 - digits.count) + digits
                }
            }
        }
        return quoted + "\""
    }
}

extension Unicode.GeneralCategory {
    /// Neither moves a cursor nor turns text around.
    fileprivate var isPrintable: Bool {
        switch self {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned, .surrogate: false
        default: true
        }
    }
}
