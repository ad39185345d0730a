/// What a script must find: `require version>=1.2`.
enum Requirement {
    case version(atLeast: String)
    case device
    case sandbox

    static let words = ["version>=N", "device", "sandbox"]

    /// nil when there is such a thing to require.
    init?(_ word: String) {
        switch word {
        case "device": self = .device
        case "sandbox": self = .sandbox
        default:
            guard word.hasPrefix("version>=") else { return nil }
            let version = String(word.dropFirst(9))
            guard Self.numbers(of: version) != nil else { return nil }
            self = .version(atLeast: version)
        }
    }

    /// nil when it is met; otherwise why the script cannot run here.
    func complaint(about facts: Script.Facts) -> String? {
        switch self {
        case .version(let wanted):
            guard let wantedNumbers = Self.numbers(of: wanted), let ours = Self.numbers(of: facts.version),
                ours.lexicographicallyPrecedes(wantedNumbers)
            else { return nil }
            return "this script needs lastcall \(wanted) or later; this is \(facts.version)"
        case .sandbox: return facts.hasSandbox ? nil : "this script needs the sandbox; run with --sandbox"
        case .device: return nil  // What the script itself chooses decides.
        }
    }

    private static func numbers(of version: String) -> [Int]? {
        let parts = version.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
        guard !parts.isEmpty, parts.count <= 4, !parts.contains(nil) else { return nil }
        var numbers = parts.compactMap(\.self)
        while numbers.count < 4 { numbers.append(0) }
        return numbers
    }
}
