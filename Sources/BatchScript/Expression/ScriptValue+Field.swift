import SoftphoneCore

extension ScriptValue {
    init(_ field: FieldValue) {
        self =
            switch field {
            case .text(let text): .text(text)
            case .integer(let number): .number(Double(number))
            case .number(let number): .number(number)
            case .flag(let flag): .text(flag ? "true" : "false")
            }
    }
}
