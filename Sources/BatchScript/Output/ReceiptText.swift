package import DialogUsage
import SIPMessage
package import SansIO
package import SoftphoneCore

/// The receipt of a run, kept for the next one: JSON lines, the first about all of it, then one for each usage, then
/// what earlier receipts said and is still so.
package enum ReceiptText {
    /// A moment as people read it and as programs compare it.
    package struct Time {
        var text: String
        var milliseconds: Int64

        package init(text: String, milliseconds: Int64) {
            self.text = text
            self.milliseconds = milliseconds
        }
    }

    /// - Parameters:
    ///   - report: nil: everything was left where it was.
    ///   - time: civil time, which only the program knows.
    package static func lines(
        _ report: ShutdownReport?, names: [AnyUsageID: String], carried: [Leftover], at now: Instant,
        time: (Instant) -> Time
    ) -> [String] {
        var head = JSONObject(["v": 1, "type": "receipt"])
        head["left"] = .text(time(report?.finished ?? now).text)
        head["mode"] = .text(report?.mode.rawValue ?? "abandoned")
        head["clean"] = .bool(report?.isClean ?? false)
        head["abandoned"] = .optional(report?.abandoned.count)
        let rows = (report?.inPhaseOrder ?? []).map { row in
            var object = JSONObject(["v": 1, "type": "usage"])
            row.write(into: &object, name: names[row.id])
            if let until = row.believedUntil { write(time(until), into: &object) }
            object["binding"] = .optional(row.binding?.description)
            return object
        }
        let older = carried.map { leftover in
            var object = JSONObject(["v": 1, "type": "leftover"])
            object["account"] = .text(leftover.account)
            object["binding"] = .text(leftover.contact.description)
            if let until = leftover.until { write(time(until), into: &object) }
            return object
        }
        return ([head] + rows + older).map(\.line)
    }

    private static func write(_ time: Time, into object: inout JSONObject) {
        object["until"] = .text(time.text)
        object["until_ms"] = .integer(Int(time.milliseconds))
    }
}
