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

    func address(at local: SocketAddress, transport: TransportProtocol) -> NameAddress {
        var parameters = uriParameters
        // Who is reached by sips gives a sips Contact (RFC 3261 §8.1.1.8), which needs no word about TLS.
        if transport == .tcp { parameters.set("transport", transport.rawValue) }
        let uri = SIPURI(
            user: user, host: "\(local.ip)", port: local.port, isSecure: transport == .tls, parameters: parameters)
        var address = NameAddress(uri: .sip(uri))
        address.parameters = fieldParameters
        return address
    }
}
