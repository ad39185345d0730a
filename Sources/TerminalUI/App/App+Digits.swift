import DialogUsage
import SansIO
import SoftphoneCore

/// Digits go to the call as they are typed.
extension App {
    mutating func beginDigits() {
        guard let call = selectedCall else { return }
        if let index = list.index(of: call.id) { select(index) }
        mode = .digits(to: call.id, sent: "")
    }

    mutating func dialled(_ key: Key, _ id: AnyUsageID, _ sent: String, at now: Instant) -> [SoftphoneCore.Command] {
        switch key {
        case .character(let digit) where "0123456789*#ABCDabcd".contains(digit):
            guard let call = model.calls.last(where: { $0.id == id && $0.state != .ended }) else {
                mode = .browsing
                say("the call is over; the digit was not sent", isFault: true, at: now)
                return []
            }
            mode = .digits(to: id, sent: String((sent + String(digit)).suffix(32)))
            return [.dtmf(UsageName(call.alias ?? call.id.description), digits: String(digit), .rtp)]
        case .escape, .enter: mode = .browsing
        default: break
        }
        return []
    }
}
