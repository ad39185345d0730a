import DialogUsage
import SIPMessage
import SansIO
import SoftphoneCore

/// Twinkle: a file for each profile, `key=value`; an address book with `|` between first name, infix, last name, address
/// and remark.
extension Import {
    /// What a user would miss. All else that a profile says is counted.
    private static let missed = [
        "user_display": "the display name", "stun_server": "STUN", "nat_public_ip": "the public address",
        "mwi_vm_address": "the address of the voice mail", "call_forward_always": "call forwarding",
        "script_incoming_call": "the script for incoming calls", "ringtone_file": "the ring tone",
        "user_host": "our own host name",
    ]
    private static let carried: Set<String> = [
        "user_name", "user_domain", "auth_name", "auth_pass", "auth_realm", "outbound_proxy", "registrar",
        "registration_time", "reg_add_qvalue", "reg_qvalue", "sip_transport",
    ]

    /// - Parameter profile: the file's name without `.cfg`.
    mutating func readTwinkle(profile: String, _ text: String, file: String) {
        var values: [String: String] = [:]
        for (_, line) in Self.lines(of: text, file: file) {
            let pair = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if pair.count == 2, !pair[1].isEmpty { values[pair[0].trimmingBlanks] = pair[1].trimmingBlanks }
        }
        let address = "sip:\(values["user_name"] ?? "")@\(values["user_domain"] ?? "")"
        guard let uri = try? SIPURI(parsing: address), uri.user?.isEmpty == false else {
            return warn(file, "has no user_name and user_domain that make an address, and is left out")
        }
        var account = Configuration.AccountEntry(name: profile, address: address)
        if let login = values["auth_name"], login != values["user_name"] { account.login = login }
        account.password = values["auth_pass"].map { .written(Secret($0)) }
        account.realm = values["auth_realm"]
        account.server = server(values, uri, file)
        if let seconds = values["registration_time"].flatMap(Int.init), seconds > 0, seconds != 3_600 {
            account.expires = .seconds(seconds)
        }
        if values["reg_add_qvalue"] == "yes" {
            account.preference = values["reg_qvalue"].flatMap { QValue(parsing: $0) }
        }
        add(account)
        for (key, what) in Self.missed.sorted(by: { $0.key < $1.key }) {
            if let value = values[key], value != "no" { warn(file, "\(key)=\(value): \(what) is not carried over") }
        }
        let others = values.keys.count { !Self.carried.contains($0) && Self.missed[$0] == nil }
        if others > 0 { warn(file, "\(others) other settings have no counterpart here") }
    }

    /// The outbound proxy; else a registrar of another name, which everything goes through then.
    private mutating func server(_ values: [String: String], _ uri: SIPURI, _ file: String) -> String? {
        let transport = values["sip_transport"].flatMap { $0 == "tcp" ? "tcp" : nil }
        for key in ["outbound_proxy", "registrar"] {
            guard let text = values[key] else { continue }
            guard var server = try? SIPURI(parsing: text.lowercased().hasPrefix("sip") ? text : "sip:\(text)") else {
                warn(file, "\(key)=\(text) is no SIP address")
                continue
            }
            if key == "registrar", server.host == uri.host, server.port == uri.port { continue }
            if key == "registrar" { warn(file, "registrar=\(text) becomes the server that everything goes through") }
            if let transport, server.parameters["transport"] == nil { server.parameters.set("transport", transport) }
            return server.description
        }
        return transport.map { Self.server(uri, transport: $0) }
    }

    mutating func readTwinkle(contacts text: String, file: String) {
        for (place, line) in Self.lines(of: text, file: file) {
            let parts = line.split(separator: "|", omittingEmptySubsequences: false).map(\.trimmingBlanks)
            let name = parts.prefix(3).filter { !$0.isEmpty }.joined(separator: " ")
            let address = parts.count > 3 ? parts[3] : ""
            let uri = try? AnyURI(parsing: address.contains(":") ? address : "sip:\(address)")
            guard !address.isEmpty, let uri, uri.sip?.user != nil || uri.tel != nil else {
                warn(
                    place,
                    address.isEmpty
                        ? "has no address, and is left out" : "'\(address)' is no complete address, and is left out")
                continue
            }
            add(ContactEntry(name: name.isEmpty ? uri.sip?.user ?? "" : name, address: uri.description))
            if parts.count > 4, !parts[4].isEmpty { warn(place, "the remark '\(parts[4])' is not carried over") }
        }
    }
}
