/// The value of one field of an event, or of one path of the state.
package enum FieldValue: Hashable, Sendable, CustomStringConvertible {
    case text(String)
    case integer(Int)
    case number(Double)
    case flag(Bool)

    package var description: String {
        switch self {
        case .text(let text): text
        case .integer(let number): "\(number)"
        case .number(let number): "\(number)"
        case .flag(let flag): flag ? "true" : "false"
        }
    }
}

/// What a path such as `call.c1.state` stands for.
package typealias StateValue = FieldValue
