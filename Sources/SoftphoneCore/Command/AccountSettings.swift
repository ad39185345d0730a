package import SIPMessage
package import SansIO

/// `account add`: what is not given has a working default.
package struct AccountSettings: Hashable, Sendable {
    package var name: String
    package var addressOfRecord: SIPURI
    package var server: SIPURI?
    package var login: String?
    package var password: Secret<String>?
    /// The realm that the password is for.
    package var realm: String?
    package var expires: Duration?

    package init(
        name: String, addressOfRecord: SIPURI, server: SIPURI? = nil, login: String? = nil,
        password: Secret<String>? = nil, realm: String? = nil, expires: Duration? = nil
    ) {
        self.name = name
        self.addressOfRecord = addressOfRecord
        self.server = server
        self.login = login
        self.password = password
        self.realm = realm
        self.expires = expires
    }
}
