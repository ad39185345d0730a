import DialogUsage
import SDP
import SIPMessage
import SansIO

/// A word read as what its parameter is. What is wrong is said with the place and what would be right.
extension Word {
    func name() throws(CommandError) -> String {
        let isName =
            text.first?.isLetter == true && text.count <= 64
            && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) }
        guard !isQuoted, isName, text != "all" else {
            throw wrong("is no name; use a letter and then letters, digits, '-', '_' or '.'")
        }
        return text
    }

    func peer() throws(CommandError) -> Peer {
        let lowered = text.lowercased()
        if ["sip:", "sips:", "tel:"].contains(where: lowered.hasPrefix) { return .uri(try uri(text)) }
        if text.contains("@") { return .uri(try uri("sip:" + text)) }
        guard !text.isEmpty, !text.contains(where: { $0.isWhitespace || ":;?<>\"".contains($0) }) else {
            throw wrong("is no address; write sip:USER@DOMAIN")
        }
        return .user(text)
    }
    private func uri(_ text: String) throws(CommandError) -> AnyURI {
        guard let uri = try? AnyURI(parsing: text) else { throw wrong("is no address; write sip:USER@DOMAIN") }
        return uri
    }

    func sipURI() throws(CommandError) -> SIPURI {
        let hasScheme = ["sip:", "sips:"].contains(where: text.lowercased().hasPrefix)
        guard let uri = try? SIPURI(parsing: hasScheme ? text : "sip:" + text) else {
            throw wrong("is no SIP address; write sip:DOMAIN or sip:USER@DOMAIN")
        }
        return uri
    }
    func addressOfRecord() throws(CommandError) -> SIPURI {
        let uri = try sipURI()
        guard uri.user?.isEmpty == false else { throw wrong("has no user; write sip:USER@DOMAIN") }
        return uri
    }

    func contact() throws(CommandError) -> RegisteredContact {
        guard let contact = RegisteredContact(parsing: text) else {
            throw wrong("is no contact; write \"<sip:USER@DOMAIN>;q=0.5;expires=600\"")
        }
        return contact
    }
    func preference() throws(CommandError) -> QValue {
        guard let preference = QValue(parsing: text) else {
            throw wrong("is no preference; write a number from 0 to 1, for example 0.5")
        }
        return preference
    }

    func duration() throws(CommandError) -> Duration {
        guard !isQuoted, let duration = Duration(scriptText: text) else {
            throw wrong("is no duration; write for example 250ms, 3s or 2m")
        }
        return duration
    }

    func digits() throws(CommandError) -> String {
        guard (1...128).contains(text.count), text.allSatisfy({ "0123456789*#ABCDabcd".contains($0) }) else {
            throw wrong(
                "is not only digits; a telephone has 0 to 9, *, # and A to D (put # in quotes when it comes first)")
        }
        return text.uppercased()
    }
    func digitPath() throws(CommandError) -> DigitPath {
        guard let path = DigitPath(rawValue: text) else {
            throw wrong("is no way for digits; write via rtp or via info")
        }
        return path
    }

    /// Best first.
    func codecs() throws(CommandError) -> [AudioCodec] {
        var codecs: [AudioCodec] = []
        for name in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let codec = AudioCodec(rawValue: name.uppercased()), !codecs.contains(codec) else {
                let known = AudioCodec.allCases.map(\.rawValue).joined(separator: ", ")
                throw wrong("is no list of codecs, best first; we have \(known)")
            }
            codecs.append(codec)
        }
        return codecs
    }

    /// `X-Ticket: 4711`. What the protocol itself lives on is not for others to write.
    func field() throws(CommandError) -> (name: FieldName, value: String) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let name = parts[0].trimmingSpaces
        let isName =
            !name.isEmpty && name.utf8.allSatisfy { $0 < 0x7F && $0 > 0x20 && !"()<>@,;:\\\"/[]?={}".utf8.contains($0) }
        guard parts.count == 2, isName, text.count <= 512, !text.unicodeScalars.contains(where: { $0.value < 0x20 })
        else { throw wrong("is no header field; write \"X-Ticket: 4711\"") }
        guard !Self.ownFields.contains(name.lowercased()) else {
            throw CommandError("'\(name)' is written by us; only other fields can be added", column: column)
        }
        return (FieldName(name), parts[1].trimmingSpaces)
    }
    private static let ownFields: Set<String> = [
        "via", "v", "from", "f", "to", "t", "call-id", "i", "cseq", "contact", "m", "max-forwards", "route",
        "record-route", "content-type", "c", "content-length", "l", "content-encoding", "e", "content-disposition",
        "authorization", "proxy-authorization", "require", "proxy-require", "supported", "k", "allow",
        "session-expires", "x", "min-se", "replaces", "rseq", "rack", "expires", "event", "o",
    ]

    /// Behind a status, in one line.
    func phrase() throws(CommandError) -> String {
        guard text.count <= 128, !text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) else {
            throw wrong("is no phrase; write a few words in one line")
        }
        return text
    }

    func status(in range: ClosedRange<Int>) throws(CommandError) -> StatusCode {
        guard let number = Int(text), range.contains(number), let status = StatusCode(exactly: number) else {
            throw wrong("is no status that fits here; write a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return status
    }

    func method() throws(CommandError) -> Method {
        let known: [Method] = [.invite, .bye, .options, .register, .subscribe, .notify, .publish, .message, .info]
        let method = Method(text.uppercased())
        if known.contains(method) { return method }
        let meant = closest(to: text.uppercased(), among: known.map(\.description))
        throw wrong(
            "is no method that can be refused"
                + (meant.map { "; did you mean '\($0)'?" } ?? "; write for example REGISTER"))
    }

    func token() throws(CommandError) -> String {
        let isToken =
            !text.isEmpty && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-.!%*_+`'~".contains($0)) }
        guard !isQuoted, isToken else { throw wrong("is no event package; write for example presence") }
        return text
    }

    func mediaType() throws(CommandError) -> String {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        let isType =
            parts.count == 2 && parts.allSatisfy { !$0.isEmpty } && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
        guard isType else { throw wrong("is no content type; write for example text/plain") }
        return text
    }

    func share() throws(CommandError) -> Double {
        let number = text.last == "%" ? String(text.dropLast()) : text
        guard let percent = Double(number), (0...100).contains(percent) else {
            throw wrong("is no share; write a number from 0% to 100%")
        }
        return percent / 100
    }

    func publishedState() throws(CommandError) -> PublishedState {
        if isQuoted { return .note(text) }
        let words = PublishedState.words
        if let known = words.first(where: { $0.word == text }) { return known.state }
        let meant = closest(to: text, among: words.map(\.word)).map { "did you mean '\($0)'?" }
        throw wrong(
            "is no presence state; "
                + (meant ?? "write one of \(words.map(\.word).joined(separator: ", ")), or a note in quotes"))
    }

    /// `ClientPublication,ClientSubscription`: these groups first, in this order.
    func plan() throws(CommandError) -> ShutdownPlan {
        var groups: [ShutdownGroup] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let name = String(part)
            guard let group = ShutdownGroup.allCases.first(where: { $0.title == name }) else {
                let titles = ShutdownGroup.allCases.map(\.title)
                let meant = closest(to: name, among: titles).map { "did you mean '\($0)'?" }
                throw CommandError(
                    "'\(name)' is no group of usages; " + (meant ?? "write some of \(titles.joined(separator: ", "))"),
                    column: column)
            }
            groups.append(group)
        }
        return ShutdownPlan(order: groups)
    }

    private func wrong(_ what: String) -> CommandError { CommandError("'\(text)' \(what)", column: column) }
}

extension Substring {
    fileprivate var trimmingSpaces: String {
        var text = drop { $0 == " " || $0 == "\t" }
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return String(text)
    }
}
