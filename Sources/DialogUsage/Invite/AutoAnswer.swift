package import SIPMessage

/// The caller wants the call answered by itself. It is for the application to say whether it lets him.
package struct AutoAnswer: Hashable, Sendable {
    package var after: Duration
    /// He wants no call otherwise (RFC 5373 §3).
    package var isDemanded = false

    /// Answer-Mode (RFC 5373), or one of the two older ways: `answer-after` in Call-Info, `alert-autoanswer` in Alert-Info.
    package init?(askedBy invite: SIPMessage) {
        for name in ["Priv-Answer-Mode", "Answer-Mode"] {
            guard let words = invite.value(FieldName(name))?.lowercased().split(separator: ";"), let mode = words.first,
                mode.filter({ $0 != " " }) == "auto"
            else { continue }
            after = .zero
            isDemanded = words.dropFirst().contains { $0.filter { $0 != " " } == "require" }
            return
        }
        for info in invite.addresses(in: .callInfo) {
            guard let seconds = info.parameters["answer-after"].flatMap({ Int64($0) }), seconds >= 0 else { continue }
            after = .seconds(min(seconds, 3600))
            return
        }
        let alerts = invite.addresses(in: .alertInfo).compactMap { $0.parameters["info"]?.lowercased() }
        guard alerts.contains("alert-autoanswer") else { return nil }
        after = .zero
    }
}
