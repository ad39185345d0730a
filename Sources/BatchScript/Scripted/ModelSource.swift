import DialogUsage
import SansIO
import SoftphoneCore

/// The state of a softphone, as a script asks for it. The model is made only when somebody asks.
struct ModelSource: StateSource {
    let softphone: Softphone

    func value(at path: String) -> ScriptValue? { softphone.model.value(at: path).map(ScriptValue.init) }

    func account(of usage: AnyUsageID) -> String? {
        softphone.model.usages[usage]?.summary.accountName
    }

    func content(of dump: Dump) -> FileContent? {
        switch dump {
        case .screen: return .screen
        case .state: return .bytes(Array(StateText.object(softphone.model).line.utf8))
        case .ladder(let name, _):
            guard let id = softphone.usage(named: name) else { return nil }
            return .bytes(Array(LadderText.lines(softphone.model.ladder(of: id)).joined(separator: "\n").utf8))
        case .capture(let name, _):
            guard let id = softphone.usage(named: name) else { return nil }
            return .bytes(PacketCapture.bytes(softphone.capture(of: id)))
        }
    }

    func blockers(at now: Instant) -> [String] {
        let model = softphone.model
        return model.blockers.map { blocker in
            let name = model.usages[blocker.id]?.name ?? blocker.id.description
            let silence = blocker.lastHeard.map { ", silent \(decimalText((now - $0).inSeconds, digits: 1)) s" } ?? ""
            return "\(blocker.id.kind.rawValue) \(name): \(blocker.waitsFor), \(blocker.requestsSent) sent\(silence)"
        }
    }
}
