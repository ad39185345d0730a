import SansIO
import SoftphoneCore

/// The messages of one usage, a line each, as the ladders of the tests and of the terminal show them.
enum LadderText {
    static func lines(_ entries: [LadderEntry]) -> [String] {
        guard let first = entries.first?.at else { return [] }
        return entries.map { entry in
            let time = padded(left: decimalText((entry.at - first).inSeconds, digits: 3), to: 9)
            let arrow = entry.isSent ? "──▶" : "◀──"
            let copies = entry.retransmissions > 0 ? "  (\(entry.retransmissions) more)" : ""
            let peer = "\(entry.transport.rawValue) \(entry.peer)"
            return "\(time)  \(arrow)  " + padded(visibleLine(entry.summary) + copies, to: 40) + "  \(peer)"
        }
    }
}
