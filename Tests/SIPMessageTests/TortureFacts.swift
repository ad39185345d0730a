import SDP
import SIPMessage

/// Reads from a message what a path of the manifest names.
struct TortureFacts {
    struct UnknownPath: Error {
        var path: String
    }

    let message: SIPMessage

    func value(at path: String) throws -> JSONValue { try value(Self.steps(path)[...], of: path) }

    /// `via[1].host` is `via`, `1`, `host`. A name after `header.` or `count.` is one step, whatever it holds.
    private static func steps(_ path: String) -> [String] {
        for prefix in ["header.", "count."] where path.hasPrefix(prefix) {
            return [String(prefix.dropLast()), String(path.dropFirst(prefix.count))]
        }
        return path.replacing("[", with: ".").replacing("]", with: "").split(separator: ".").map(String.init)
    }

    private func value(_ steps: ArraySlice<String>, of path: String) throws -> JSONValue {
        let rest = steps.dropFirst()
        switch steps.first ?? "" {
        case "method": return .text(message.method.description)
        case "version": return .text(message.version)
        case "status": return JSONValue(message.status?.value)
        case "status_text": return .text(message.statusText)
        case "reason": return .text(message.reasonPhrase)
        case "call_id": return .text(try message.callID())
        case "max_forwards": return JSONValue(try message.maxForwards())
        case "content_length": return JSONValue(try message.contentLength())
        case "body_length": return .number(message.body.count)
        case "trailing_octets": return .number(message.trailingOctets)
        case "header": return JSONValue(message.value(FieldName(rest.first ?? "")))
        case "count": return .number(message.count(of: FieldName(rest.first ?? "")))
        case "cseq":
            let cSeq = try message.cSeq()
            return rest.first == "number" ? JSONValue(cSeq.number) : .text(cSeq.method.description)
        case "content_type":
            let type = try message.contentType()
            return rest.isEmpty ? JSONValue(type?.essence) : Self.object(type?.parameters)
        case "request_uri":
            if rest.first == "raw" { return .text(message.requestURIText) }
            return try uri(try message.requestURI(), rest, path)
        case "to": return try address(try message.to(), rest, path)
        case "from": return try address(try message.from(), rest, path)
        case "contact":
            guard case .addresses(let contacts) = try message.contacts() else { return .null }
            return try address(try Self.element(contacts, rest, path), rest.dropFirst(), path)
        case "route": return try address(try Self.element(try message.routes(), rest, path), rest.dropFirst(), path)
        case "require": return .text(try Self.element(message.tokens(.require), rest, path))
        case "via": return try via(try Self.element(try message.vias(), rest, path), rest.dropFirst(), path)
        case "contact_uris_equal":
            guard case .addresses(let contacts) = try message.contacts() else { return .null }
            return .bool(contacts[0].uri.isEquivalent(to: contacts[1].uri))
        case "multipart": return try multipart(rest, path)
        case "sdp": return try sdp(try SessionDescription(parsing: Array(message.body)), rest, path)
        default: throw UnknownPath(path: path)
        }
    }

    private func address(_ address: NameAddress, _ steps: ArraySlice<String>, _ path: String) throws -> JSONValue {
        switch steps.first {
        case "display_name": return JSONValue(address.displayName)
        case "tag": return JSONValue(address.tag)
        case "params": return Self.object(address.parameters)
        case "uri": return try uri(address.uri, steps.dropFirst(), path)
        default: throw UnknownPath(path: path)
        }
    }

    private func uri(_ uri: AnyURI, _ steps: ArraySlice<String>, _ path: String) throws -> JSONValue {
        switch steps.first {
        case "raw": return .text(uri.description)
        case "scheme": return .text(uri.scheme)
        case "user": return JSONValue(uri.sip?.user)
        case "user_decoded": return JSONValue(uri.sip?.userDecoded)
        case "password": return JSONValue(uri.sip?.password)
        case "host": return JSONValue(uri.sip?.host)
        case "port": return JSONValue(uri.sip?.port)
        case "params": return Self.object(uri.sip?.parameters)
        case "params_decoded": return Self.object(uri.sip?.parametersDecoded)
        case "headers": return Self.object(uri.sip?.headers)
        default: throw UnknownPath(path: path)
        }
    }

    private func via(_ via: Via, _ steps: ArraySlice<String>, _ path: String) throws -> JSONValue {
        switch steps.first {
        case "transport": return JSONValue(via.transport)
        case "host": return JSONValue(via.host)
        case "port": return JSONValue(via.port)
        case "branch": return JSONValue(via.branch)
        case "received": return JSONValue(via.received)
        case "rport_present": return .bool(via.rport.present)
        default: throw UnknownPath(path: path)
        }
    }

    private func multipart(_ steps: ArraySlice<String>, _ path: String) throws -> JSONValue {
        let parts = try message.bodyPart().parts
        if steps.first == "part_count" { return .number(parts.count) }
        let part = try Self.element(parts, steps.dropFirst(), path)
        switch steps.last {
        case "content_type": return JSONValue(part.contentType?.essence)
        case "body_length": return .number(part.body.count)
        case "body_text": return .text(String(decoding: part.body, as: UTF8.self))
        default: throw UnknownPath(path: path)
        }
    }

    private func sdp(_ description: SessionDescription, _ steps: ArraySlice<String>, _ path: String) throws -> JSONValue
    {
        switch steps.first {
        case "media_count": return .number(description.media.count)
        case "origin_address": return .text(description.origin.address)
        case "connection": return try connection(description.lines, steps.last, path)
        case "media":
            let media = try Self.element(description.media, steps.dropFirst(), path)
            if steps.last == "port" { return JSONValue(media.port) }
            return try connection(media.lines, steps.last, path)
        default: throw UnknownPath(path: path)
        }
    }

    /// As it stands in the line: the words after `IN`.
    private func connection(_ lines: [SDPLine], _ step: String?, _ path: String) throws -> JSONValue {
        guard let line = lines.first(where: { $0.isOf("c") }) else { return .null }
        let words = line.text.split(separator: " ").map(String.init)
        switch step {
        case "address_type": return .text(try Self.element(words, ["1"], path))
        case "address": return .text(try Self.element(words, ["2"], path))
        default: throw UnknownPath(path: path)
        }
    }

    private static func element<Element>(_ all: [Element], _ steps: ArraySlice<String>, _ path: String) throws
        -> Element
    {
        guard let index = steps.first.flatMap({ Int($0) }), all.indices.contains(index) else {
            throw UnknownPath(path: path)
        }
        return all[index]
    }

    private static func object(_ parameters: Parameters?) -> JSONValue {
        guard let parameters else { return .null }
        let members = parameters.all.map { ($0.name, JSONValue($0.value)) }
        return .object(Dictionary(members, uniquingKeysWith: { first, _ in first }))
    }
}
