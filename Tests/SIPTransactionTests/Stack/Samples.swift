import SIPMessage
import SIPTransaction
import SansIO

extension Target {
    init(_ address: SocketAddress, _ transport: TransportProtocol? = nil) {
        self.init(host: "\(address.ip)", port: address.port, transport: transport)
    }
}

extension RequestDraft {
    /// What the user hands to the stack: everything but Via, Max-Forwards and Contact.
    static func sample(_ method: Method, call: String = "call-1", body: Int = 0, route: String? = nil) -> RequestDraft {
        var fields = FieldList()
        if let route { fields.append(.route, route) }
        fields.append(.from, "<sip:alice@example.com>;tag=a")
        fields.append(.to, "<sip:bob@example.com>")
        fields.append(.callID, call)
        fields.append(.cSeq, "7 \(method)")
        if body > 0 { fields.append(.contentType, "text/plain") }
        let uri = AnyURI.sip(SIPURI(user: "bob", host: "example.com", port: nil))
        return RequestDraft(method: method, uri: uri, fields: fields, body: Array(repeating: 120, count: body))
    }
}

/// A request of the peer's, as text.
func request(
    _ method: String, via: String = "SIP/2.0/UDP 192.0.2.2:5060;branch=z9hG4bKone;rport", call: String = "call-1",
    to: String = "<sip:alice@example.com>", from: String = "<sip:bob@example.com>;tag=b", cSeq: String? = nil,
    uri: String = "sip:alice@192.0.2.1", more: String = "", length: String? = "0", body: String = ""
) -> String {
    var text = "\(method) \(uri) SIP/2.0\r\nVia: \(via)\r\nMax-Forwards: 70\r\nFrom: \(from)\r\nTo: \(to)\r\n"
    text += "Call-ID: \(call)\r\nCSeq: \(cSeq ?? "1 \(method)")\r\n\(more)"
    if let length { text += "Content-Length: \(length)\r\n" }
    return text + "\r\n" + body
}
func tcpRequest(_ method: String, branch: String = "one", length: String? = "0", body: String = "") -> String {
    request(
        method, via: "SIP/2.0/TCP 192.0.2.2:5060;branch=z9hG4bK\(branch);rport", length: length, body: body)
}
