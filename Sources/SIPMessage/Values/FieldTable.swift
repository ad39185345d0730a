/// Finds a header field by its name as received: three machine words and a length are compared, in any case, without
/// looking at the octets one by one. Names of up to 24 octets are compared whole.
struct FieldTable: Sendable {
    private struct Slot: Sendable {
        var first: UInt64 = 0
        var middle: UInt64 = 0
        var last: UInt64 = 0
        var count: Int = 0
        var field = KnownField.other
    }

    static let shared = FieldTable()

    private let slots: [Slot]
    private static let size = 256

    private init() {
        var slots = [Slot](repeating: Slot(), count: Self.size)
        for field in KnownField.allCases where field != .other {
            var spellings = [Array(field.name.utf8)]
            if let compact = field.compact { spellings.append([compact]) }
            for spelling in spellings {
                let slot = Self.slot(for: field, spelling.span)
                var index = Self.hash(slot.first, slot.last, slot.count)
                while slots[index].count != 0 { index = (index + 1) % Self.size }
                slots[index] = slot
            }
        }
        self.slots = slots
    }

    private static func slot(for field: KnownField, _ name: Span<UInt8>) -> Slot {
        Slot(
            first: name.foldedWord(from: 0, count: name.count),
            middle: name.count > 16 ? name.foldedWord(from: 8, count: 8) : 0,
            last: name.count > 8 ? name.foldedWord(from: name.count - 8, count: 8) : 0, count: name.count, field: field)
    }

    @inline(__always) private static func hash(_ first: UInt64, _ last: UInt64, _ count: Int) -> Int {
        let mixed = (first ^ (last &<< 3) ^ UInt64(truncatingIfNeeded: count)) &* 0x9E37_79B9_7F4A_7C15
        return Int(truncatingIfNeeded: mixed &>> 56)
    }

    @inline(never) private static func isMiddle(_ middle: UInt64, _ start: Int, _ bytes: Span<UInt8>) -> Bool {
        bytes.foldedWord(from: start &+ 8, count: 8) == middle
    }

    /// `.other` for a name that is not in the table. The name must hold no white space.
    @inline(__always) func field(named start: Int, count: Int, _ bytes: Span<UInt8>) -> KnownField {
        let first = bytes.foldedWord(from: start, count: count)
        let last = count > 8 ? bytes.foldedWord(from: start &+ count &- 8, count: 8) : 0
        var index = Self.hash(first, last, count)
        while true {
            let slot = slots[index]
            if slot.first == first, slot.last == last, slot.count == count,
                count <= 16 || Self.isMiddle(slot.middle, start, bytes)
            {
                return slot.field
            }
            if slot.count == 0 { return .other }
            index = (index &+ 1) & (Self.size &- 1)
        }
    }
}
