import DialogUsage
import SIPMessage
import SansIO
import SoftphoneCore

/// baresip: a line each, `"Name" <sip:user@domain;uri-parameters>;parameters`, `#` for comments.
extension Import {
    mutating func readBaresip(accounts text: String, file: String) {
        for (place, line) in Self.lines(of: text, file: file) {
            guard let entry = BaresipLine(line), let uri = try? SIPURI(parsing: entry.uri), let user = uri.user,
                !user.isEmpty
            else {
                warn(place, "is no account, and is left out")
                continue
            }
            var account = Configuration.AccountEntry(name: user, address: "")
            var plain = uri
            // baresip once had it there, and still reads it.
            if let password = uri.password { account.password = .written(Secret(password)) }
            plain.password = nil
            plain.parameters = Parameters()
            account.address = plain.description
            if let transport = uri.parameters["transport"], transport.lowercased() != "udp" {
                account.server = Self.server(plain, transport: transport)
            }
            for (name, value) in entry.parameters { take(name, value, into: &account, place) }
            if let name = entry.displayName { warn(place, "the display name '\(name)' is not carried over") }
            add(account)
        }
    }

    private mutating func take(
        _ name: String, _ value: String, into account: inout Configuration.AccountEntry, _ place: String
    ) {
        switch name {
        case "auth_user": account.login = value.isEmpty ? nil : value
        case "auth_pass": account.password = value.isEmpty ? nil : .written(Secret(value))
        case "outbound", "outbound1":
            guard (try? SIPURI(parsing: value)) != nil else { return warn(place, "\(name)=\(value) is no SIP address") }
            account.server = value
        case "regint":
            guard let seconds = Int(value), seconds >= 0 else { return warn(place, "regint=\(value) is no number") }
            if seconds == 0 {
                warn(place, "regint=0: lastcall registers when you say so (r, or register)")
            } else {
                account.expires = .seconds(seconds)
            }
        case "regq":
            guard let preference = QValue(parsing: value) else { return warn(place, "regq=\(value) is no preference") }
            account.preference = preference
        default: warn(place, "\(name)=\(value) is not carried over")
        }
    }

    mutating func readBaresip(contacts text: String, file: String) {
        for (place, line) in Self.lines(of: text, file: file) {
            guard let entry = BaresipLine(line), let uri = try? AnyURI(parsing: entry.uri),
                uri.sip != nil || uri.tel != nil
            else {
                warn(place, "is no contact, and is left out")
                continue
            }
            add(ContactEntry(name: entry.displayName ?? uri.sip?.user ?? "", address: uri.description))
            for (name, value) in entry.parameters { warn(place, "\(name)=\(value) is not carried over") }
        }
    }

    static func server(_ uri: SIPURI, transport: String) -> String {
        var server = SIPURI(user: nil, host: uri.host, port: uri.port)
        server.parameters.set("transport", transport.lowercased())
        return server.description
    }

    /// Those with something in them.
    static func lines(of text: String, file: String) -> [(place: String, text: String)] {
        text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated().compactMap {
            index, line in
            let trimmed = line.trimmingBlanks
            return trimmed.isEmpty || trimmed.hasPrefix("#") ? nil : ("\(file):\(index + 1)", trimmed)
        }
    }
}

/// A line of baresip's, taken apart.
private struct BaresipLine {
    var displayName: String?
    var uri: String
    var parameters: [(name: String, value: String)] = []

    init?(_ line: String) {
        guard let open = line.firstIndex(of: "<"), let close = line[open...].firstIndex(of: ">") else { return nil }
        let name = line[..<open].trimmingBlanks.trimming("\"")
        displayName = name.isEmpty ? nil : name
        uri = String(line[line.index(after: open)..<close])
        for part in Self.parts(of: line[line.index(after: close)...]) {
            // A comment may follow.
            let trimmed = part.trimmingBlanks
            guard !trimmed.isEmpty, !trimmed.hasPrefix("#") else { continue }
            let pair = trimmed.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            parameters.append((String(pair[0]), pair.count > 1 ? String(pair[1]).trimming("\"") : ""))
        }
    }

    /// Between semicolons, but for those inside quotes.
    private static func parts(of text: Substring) -> [String] {
        var parts = [""]
        var isQuoted = false
        for character in text {
            if character == "\"" { isQuoted.toggle() }
            if character == ";", !isQuoted { parts.append("") } else { parts[parts.count - 1].append(character) }
        }
        return parts
    }
}

extension StringProtocol {
    var trimmingBlanks: String {
        String(drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
    }
    /// Without a pair of these around it.
    func trimming(_ quote: Character) -> String {
        count >= 2 && first == quote && last == quote ? String(dropFirst().dropLast()) : String(self)
    }
}
