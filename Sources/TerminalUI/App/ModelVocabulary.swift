import DialogUsage
import SoftphoneCore

/// What completion at the prompt can offer: everything that has a name in the model.
struct ModelVocabulary: Vocabulary {
    let model: SoftphoneModel

    var accounts: [String] { model.accounts.map(\.name) }
    var contacts: some Sequence<String> { model.presence.lazy.compactMap(\.name) }

    func usages(of kinds: Set<UsageKind>) -> some Sequence<String> {
        let wanted = kinds.isEmpty ? Set(UsageKind.allCases) : kinds
        return wanted.sorted { $0.place < $1.place }.lazy.map { model.usages.members(of: $0).lazy.map(\.name) }.joined()
    }

    /// Contacts first, then whom we have to do with, then whom there is in the sandbox. Never ourselves.
    var peers: some Sequence<String> {
        let own = Set(model.accounts.map(\.addressOfRecord))
        let watched = model.presence.lazy.map { $0.uri.contains(":") ? $0.uri : "sip:" + $0.uri }
        let called = model.calls.reversed().map(\.address)
        let written = model.messages.map(\.peer)
        let earlier = model.earlierCalls.reversed().map(\.address)
        let residents = model.sandbox == nil ? [] : Self.residents
        let others: [AnyCollection<String>] = [
            AnyCollection(watched), AnyCollection(model.usages.lazy.map(\.summary.peer)),
            AnyCollection(called + written + earlier + residents),
        ]
        return others.lazy.joined().filter { $0.hasPrefix("sip") && !own.contains($0) }
    }
    private static let residents = ["sip:bob@sandbox.test", "sip:echo@sandbox.test"]
}
