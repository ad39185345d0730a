import BatchScript
import DialogUsage
import SIPMessage
import SansIO
import SoftphoneCore
import Yams

extension JSONObject {
    /// A YAML value that is read as it is written, so that `login: 1000` need not be quoted.
    static func single(_ pattern: String? = nil) -> JSONObject {
        var schema = JSONObject([
            "type": .list(["string", "number", "boolean"].map(JSONValue.text)), "minLength": .integer(1),
        ])
        if let pattern { schema["pattern"] = .text(pattern) }
        return schema
    }
}

extension Form where Value == String {
    static var text: Form {
        Form(words: "text", schema: .single(), read: { (node) throws(Misfit) in try scalar(node) }) {
            YAMLText.scalar($0)
        }
    }

    /// What commands name a thing by.
    static var name: Form {
        .parsed(
            "a name: a letter, then letters, digits, `-` `_` `.`", schema: .single("^[A-Za-z][A-Za-z0-9_.-]*$"),
            otherwise: "no name; begin with a letter and go on with letters, digits, - _ .",
            text: { YAMLText.scalar($0) },
            parse: { $0.isConfiguredName ? $0 : nil })
    }

    static var address: Form {
        Form(
            words: "a SIP address: `sip:USER@DOMAIN`", schema: .single("^[Ss][Ii][Pp][Ss]?:[^@\\s]+@[^@\\s]+$"),
            read: { (node) throws(Misfit) in
                let text = try scalar(node)
                guard let uri = try? SIPURI(parsing: text) else {
                    throw Misfit(text: "'\(text)' is no SIP address; write sip:USER@DOMAIN", mark: node.mark)
                }
                guard uri.user?.isEmpty == false else {
                    throw Misfit(text: "'\(text)' has no user; write sip:USER@DOMAIN", mark: node.mark)
                }
                return text
            }, text: { YAMLText.scalar($0) })
    }

    static var contactAddress: Form {
        .parsed(
            "an address: `sip:USER@DOMAIN` or `tel:+1-201-555-0123`",
            schema: .single("^([Ss][Ii][Pp][Ss]?:[^\\s]+|[Tt][Ee][Ll]:[^\\s]+)$"),
            otherwise: "no address; write sip:USER@DOMAIN", text: { YAMLText.scalar($0) },
            parse: { text in
                guard let uri = try? AnyURI(parsing: text), uri.sip != nil || uri.tel != nil else { return nil }
                return text
            })
    }

    static var server: Form {
        .parsed(
            "a SIP address: `sip:HOST`, with `;transport=tcp` for TCP", schema: .single("^[Ss][Ii][Pp][Ss]?:[^\\s]+$"),
            otherwise: "no SIP address; write sip:DOMAIN", text: { YAMLText.scalar($0) },
            parse: { (try? SIPURI(parsing: $0)) == nil ? nil : $0 })
    }
}

extension Form where Value == Duration {
    static var duration: Form {
        .parsed(
            "a duration: `250ms`, `3s`, `2m`, `1h`", schema: .single("^[0-9]+(\\.[0-9]+)?(ms|s|m|min|h)?$"),
            otherwise: "no duration; write 250ms, 3s or 2m", text: { $0.scriptText },
            parse: { Duration(scriptText: $0) })
    }
}

extension Form where Value == QValue {
    static var preference: Form {
        let schema = JSONObject([
            "type": .list([.text("number"), .text("string")]), "minimum": .integer(0), "maximum": .integer(1),
            "pattern": .text("^(0(\\.[0-9]{0,3})?|1(\\.0{0,3})?)$"),
        ])
        return .parsed(
            "a number from 0 to 1 with at most three decimals", schema: schema,
            otherwise: "no preference; write a number from 0 to 1",
            text: { $0.description }, parse: { QValue(parsing: $0) })
    }
}

extension Form where Value: CaseIterable & RawRepresentable<String> & Sendable {
    static var choice: Form {
        let names = Value.allCases.map(\.rawValue)
        // To many readers of YAML the words `on` and `off` are truth values before a schema sees them.
        let truths: [JSONValue] = names.compactMap { ["on": .bool(true), "off": .bool(false)][$0] }
        return Form(
            words: names.map { "`\($0)`" }.joined(separator: ", "),
            schema: JSONObject(["enum": .list(names.map(JSONValue.text) + truths)]),
            read: { (node) throws(Misfit) in
                let text = try scalar(node)
                if let choice = Value(rawValue: text) { return choice }
                throw Misfit(
                    text: "'\(text)' is not possible here; " + remedy(for: text, among: names),
                    mark: node.mark)
            }, text: { $0.rawValue })
    }
}

extension Form where Value == [RegisteredContact] {
    static var registeredContacts: Form {
        .list(
            "a list of contacts: `[\"<sip:USER@DOMAIN>;q=0.5;expires=600\"]`",
            of: .parsed(
                "", schema: .single(), otherwise: "no contact; write \"<sip:USER@DOMAIN>;q=0.5;expires=600\"",
                text: { YAMLText.inList($0.written) }, parse: { RegisteredContact(parsing: $0) }),
            otherwise: "'contacts' is a list: [\"<sip:voicemail@example.com>;q=0.1\"]")
    }
}

extension Form {
    /// A list with something in it.
    static func list<Element>(
        _ words: String, of element: Form<Element>, otherwise: String
    ) -> Form where Value == [Element] {
        Form(
            words: words,
            schema: JSONObject(["type": .text("array"), "minItems": .integer(1), "items": .object(element.schema)]),
            read: { (node) throws(Misfit) in
                guard case .sequence(let list) = node, !list.isEmpty else {
                    throw Misfit(text: otherwise, mark: node.mark)
                }
                var elements: [Element] = []
                for node in list { elements.append(try element.read(node)) }
                return elements
            },
            text: { $0.isEmpty ? nil : "[" + $0.compactMap { element.text($0) }.joined(separator: ", ") + "]" })
    }
}

extension Form where Value == Configuration.AccountEntry.Password {
    /// It is never printed.
    static var password: Form {
        Form(
            words: "text; the file must be readable by you alone then", schema: .single(),
            read: { (node) throws(Misfit) in .written(Secret(try scalar(node))) },
            text: { if case .written(let secret) = $0 { YAMLText.scalar(secret.description) } else { nil } })
    }

    static var passwordCommand: Form {
        let list = Form<[String]>.list(
            "",
            of: Form<String>(
                words: "", schema: .single(), read: { (node) throws(Misfit) in try Form<String>.scalar(node) }
            ) { YAMLText.inList($0) },
            otherwise: "'password_command' is a list: [pass, show, sip/alice]")
        return Form(
            words: "a list: a program and its arguments", schema: list.schema,
            read: { (node) throws(Misfit) in .command(try list.read(node)) },
            text: { if case .command(let words) = $0 { list.text(words) } else { nil } })
    }
}

extension RegisteredContact {
    /// As `init(parsing:)` reads it.
    fileprivate var written: String {
        var written = address
        if let preference { written.parameters.set("q", preference.description) }
        if let expires { written.parameters.set("expires", "\(expires.inMilliseconds / 1_000)") }
        return written.description
    }
}

extension String {
    var isConfiguredName: Bool {
        first?.isLetter == true && allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) }
    }
}

/// What somebody who wrote something else may have meant.
func remedy(for word: String, among words: [String]) -> String {
    closest(to: word, among: words).map { "did you mean '\($0)'?" } ?? "possible are \(words.joined(separator: ", "))"
}
