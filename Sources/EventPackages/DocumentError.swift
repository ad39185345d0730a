/// Why a document is not read. It says nothing about the subscription that brought it.
package enum DocumentError: Error, Hashable, Sendable, CustomStringConvertible {
    case tooLong(octets: Int)
    case tooDeep
    case tooManyElements
    case tooManyAttributes
    case tooManyLines
    /// A document type declaration; refused before anything in it is looked at, and with it every entity.
    case documentType
    /// Not UTF-8 or UTF-16, or not what it says it is.
    case encoding(String)
    case syntax(line: Int, String)
    /// Well-formed, but not of the kind that it was said to be.
    case unexpected(String)

    package var description: String {
        switch self {
        case .tooLong(let octets): "a document of \(octets) octets is too long"
        case .tooDeep: "elements are nested too deeply"
        case .tooManyElements: "too many elements"
        case .tooManyAttributes: "too many attributes on one element"
        case .tooManyLines: "too many lines"
        case .documentType: "a document type declaration is not accepted"
        case .encoding(let what): "encoding: \(what)"
        case .syntax(let line, let what): "line \(line): \(what)"
        case .unexpected(let what): what
        }
    }
}
