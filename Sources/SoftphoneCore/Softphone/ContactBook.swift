package import SIPMessage

/// Somebody whom we know by a name of our own.
package struct Contact: Hashable, Sendable {
    package var name: String
    package var uri: AnyURI

    package init(name: String, uri: AnyURI) {
        self.name = name
        self.uri = uri
    }
}

/// The contacts, in the order of their file.
struct ContactBook: Sendable {
    private(set) var all: [Contact] = []
    let most: Int

    init(most: Int) { self.most = most }

    subscript(name: String) -> Contact? { all.first { $0.name == name } }

    /// The one of this name gives way.
    mutating func set(_ contact: Contact) {
        if let index = all.firstIndex(where: { $0.name == contact.name }) {
            all[index] = contact
        } else if all.count < most {
            all.append(contact)
        }
    }
    mutating func remove(_ name: String) { all.removeAll { $0.name == name } }
}
