/// What a response names: the branch of our topmost Via, and whether CANCEL or the request it cancels is meant, which
/// share it (RFC 3261 §17.1.3, §9.1).
struct ClientKey: Hashable, Sendable {
    var branch: Branch
    var isCancel: Bool
}
