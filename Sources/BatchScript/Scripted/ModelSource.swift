import DialogUsage
import SansIO
import SoftphoneCore

/// The state of a softphone, as a script asks for it. The model is made only when somebody asks.
struct ModelSource: StateSource {
    let softphone: Softphone

    func value(at path: String) -> ScriptValue? { softphone.model.value(at: path).map(ScriptValue.init) }

    func account(of usage: AnyUsageID) -> String? {
        softphone.model.usages.first { $0.id == usage }?.summary.accountName
    }

    func blockers(at now: Instant) -> [String] {
        let model = softphone.model
        return model.blockers.map { blocker in
            let name = model.usages.first { $0.id == blocker.id }?.name ?? blocker.id.description
            let silence = blocker.lastHeard.map { ", silent \(decimalText((now - $0).inSeconds, digits: 1)) s" } ?? ""
            return "\(blocker.id.kind.rawValue) \(name): \(blocker.waitsFor), \(blocker.requestsSent) sent\(silence)"
        }
    }
}
