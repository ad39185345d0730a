/// Which telephone events somebody takes: the list of `a=fmtp`, `0-15,66,70` (RFC 4733 §2.4.1).
package struct TelephoneEvents: Hashable, Sendable {
    package static let encoding = "telephone-event"
    /// 0–9, `*`, `#`, A–D.
    package static let digits = TelephoneEvents(ranges: [0...15])

    private var ranges: [ClosedRange<UInt8>]
    private init(ranges: [ClosedRange<UInt8>]) { self.ranges = ranges }

    /// Parts that are no numbers up to 255, or ranges the wrong way round, are passed over.
    init(parsing text: String) {
        let parts = Array(text.utf8)[...].pieces(separatedBy: ",").filter { !$0.isEmpty }
        ranges = parts.prefix(SDPLimits.formats).compactMap { part in
            let ends = part.pieces(separatedBy: "-").map { end in
                SDPNumber.read(end.drop { $0 == UInt8(ascii: " ") }, in: 0...255)
            }
            guard (1...2).contains(ends.count), let low = ends[0], let high = ends[ends.count - 1], low <= high else {
                return nil
            }
            return UInt8(low)...UInt8(high)
        }
    }

    package func contains(_ event: UInt8) -> Bool { ranges.contains { $0.contains(event) } }

    var text: String {
        ranges.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }.joined(separator: ",")
    }
}
