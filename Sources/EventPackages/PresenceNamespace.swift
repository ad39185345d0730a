/// The namespaces of presence documents.
enum PresenceNamespace {
    static let pidf = "urn:ietf:params:xml:ns:pidf"
    static let dataModel = "urn:ietf:params:xml:ns:pidf:data-model"
    static let rpid = "urn:ietf:params:xml:ns:pidf:rpid"
}
