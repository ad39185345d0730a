/// Where a value of the configuration comes from.
enum Origin: Hashable, Sendable, CustomStringConvertible {
    case standard
    case file(String, line: Int)
    case option(String)
    case environment(String)

    var description: String {
        switch self {
        case .standard: "default"
        case .file(let file, let line): "\(file):\(line)"
        case .option(let option): "option \(option)"
        case .environment(let name): "environment \(name)"
        }
    }
}
