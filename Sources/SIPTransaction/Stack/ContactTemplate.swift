package import SIPMessage
import SansIO

/// Our own Contact, completed by the stack when it knows which of our addresses the peer will see.
package struct ContactTemplate: Hashable, Sendable {
    package var user: String?
    package var uriParameters: Parameters
    package var fieldParameters: Parameters

    package init(user: String?, uriParameters: Parameters, fieldParameters: Parameters) {
        self.user = user
        self.uriParameters = uriParameters
        self.fieldParameters = fieldParameters
    }

    /// The field's value. `transport` is named only where it is not UDP, the default (RFC 3261 §19.1.2).
    func text(at local: SocketAddress, transport: TransportProtocol) -> String {
        var parameters = uriParameters
        if transport != .udp { parameters.set("transport", transport.rawValue) }
        let uri = SIPURI(user: user, host: local.ip.description, port: local.port, parameters: parameters)
        return NameAddress(uri: .sip(uri), parameters: fieldParameters).description
    }
}
