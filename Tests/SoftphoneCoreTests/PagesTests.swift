import SansIO
import Testing

@testable import DialogUsage
@testable import SoftphoneCore

@Suite("Long lists of which little changes")
struct PagesTests {
    /// A sequence of numbers that is the same each time.
    private struct Dice: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state
        }
    }

    @Test("Pages hold what an array would, whatever is done to them", arguments: [1, 2, 3, 4])
    func likeAnArray(seed: UInt64) {
        var dice = Dice(state: seed)
        var (pages, array) = (Pages<Int>(), [Int]())
        for number in 0..<3_000 {
            switch Int.random(in: 0..<10, using: &dice) {
            case 0...3:
                pages.append(number)
                array.append(number)
            case 4...5:
                let place = Int.random(in: 0...array.count, using: &dice)
                pages.insert(number, at: place)
                array.insert(number, at: place)
            case 6...7 where !array.isEmpty:
                let place = Int.random(in: 0..<array.count, using: &dice)
                pages.remove(at: place)
                array.remove(at: place)
            case 8 where !array.isEmpty:
                let place = Int.random(in: 0..<array.count, using: &dice)
                pages[place] += 7
                array[place] += 7
            default: break
            }
            if number % 100 == 0 { #expect(pages.elementsEqual(array) && pages.boxes.map(\.value) == array) }
        }
        #expect(pages.count == array.count && pages.elementsEqual(array))
        #expect(pages == Pages(array))
        while !array.isEmpty {
            pages.remove(at: array.count / 2)
            array.remove(at: array.count / 2)
        }
        #expect(pages.isEmpty && pages == Pages())
    }

    @Test("What was handed out stays as it was when the list goes on")
    func values() {
        var pages = Pages(0..<1_000)
        let before = pages
        pages[500] = -1
        pages.remove(at: 0)
        pages.append(7)
        #expect(before.elementsEqual(0..<1_000) && before != pages)
        #expect(pages.elementsEqual(Array(1..<500) + [-1] + Array(501..<1_000) + [7]))
    }

    @Test("A row is found by looking at a few of ten thousand")
    func search() {
        let pages = Pages((0..<10_000).map { $0 * 2 })
        for sought in [-1, 0, 1, 2, 9_999, 19_997, 19_998, 19_999] {
            var looked = 0
            let index = pages.firstIndex {
                looked += 1
                return $0 >= sought
            }
            #expect(index == max(0, (sought + 1) / 2))
            #expect(looked <= 16)
        }
        #expect(Pages<Int>().firstIndex { $0 >= 1 } == 0)
    }

    private func row(_ kind: UsageKind, _ serial: UInt32) -> UsageRow {
        let id = AnyUsageID(kind: kind, serial: serial)
        let summary = UsageSummary(
            id: id, account: nil, accountName: nil, peer: "sip:\(serial)@lab.test", state: "active", waitsFor: nil,
            eventPackage: nil, since: .zero, nextDeadline: nil, expiresAt: nil, entityTag: nil)
        return UsageRow(summary: summary, alias: nil)
    }

    @Test("Usages stand in the order of shutdown, in whatever order they came, and each kind and group is a range")
    func usages() {
        var rows: UsageRows = []
        let given = [
            row(.clientRegistration, 1), row(.clientOutOfDialogRequest, 3), row(.clientSubscription, 12),
            row(.clientSubscription, 2), row(.serverInviteSession, 5), row(.clientPagerMessage, 9),
            row(.serverSubscription, 1),
        ]
        for row in given { rows.append(row) }
        #expect(
            rows.map(\.id.description)
                == ["sis-5", "ssub-1", "csub-2", "csub-12", "cpm-9", "creq-3", "creg-1"])
        #expect(rows == UsageRows(given))
        #expect(rows.range(of: UsageKind.clientSubscription) == 2..<4)
        #expect(rows.range(of: ShutdownGroup.clientPagerMessages) == 4..<6)
        #expect(rows.range(of: UsageKind.clientInviteSession).isEmpty)
        #expect(rows[given[2].id]?.summary.peer == "sip:12@lab.test")
        rows.remove(given[2].id)
        #expect(rows[given[2].id] == nil && rows.count == 6)
    }

    @Test("The place of each kind is that of its group, then that of its short form")
    func places() {
        let byWords = UsageKind.allCases.sorted { ($0.group, $0.prefix) < ($1.group, $1.prefix) }
        #expect(UsageKind.allCases.sorted { $0.place < $1.place } == byWords)
        #expect(Set(UsageKind.allCases.map(\.place)).count == UsageKind.allCases.count)
    }

    @Test("A change makes the rows of what has changed, among ten thousand that stay")
    func work() {
        var book = RowBook()
        let ids = (1...10_000).map { AnyUsageID(kind: .clientSubscription, serial: UInt32($0)) }
        let bounds = UsageCore.Bounds(isIdling: false, deadline: nil, lastRefresh: nil)
        var made: [Int] = []
        func renew(_ all: [AnyUsageID], _ bounds: UsageCore.Bounds) {
            book.renew(all, under: bounds) { wanted in
                made.append(wanted.count)
                return wanted.filter { all.contains($0) }.map { row($0.kind, $0.serial) }
            }
        }
        renew(Array(ids.prefix(2)), bounds)
        book = RowBook()
        book.renew(ids, under: bounds) { $0.map { row($0.kind, $0.serial) } }
        #expect(book.rows.count == 10_000)
        made = []
        book.touch(ids[4_711])
        book.touch(AnyUsageID(kind: .clientPagerMessage, serial: 1))
        renew([ids[4_711]], bounds)
        #expect(made == [2] && book.rows.count == 10_000 && book.touched.isEmpty)
        // Nothing has happened: nothing is made.
        renew(ids, bounds)
        #expect(made == [2])
        // One that has ended goes.
        book.touch(ids[0])
        renew([], bounds)
        #expect(made == [2, 1] && book.rows.count == 9_999 && book.rows[ids[0]] == nil)
        // A shutdown bounds what all of them wait for.
        renew(Array(ids.dropFirst()), UsageCore.Bounds(isIdling: false, deadline: .zero, lastRefresh: nil))
        #expect(made == [2, 1, 9_999])
    }

    @Test("Of presence it is known how many are stale and which subscription tells whom, without looking at all")
    func presence() {
        func row(_ serial: UInt32, _ freshness: PresenceRow.Freshness) -> PresenceRow {
            PresenceRow(
                uri: "sip:\(serial)@lab.test", state: .open, activities: [], note: nil, freshness: freshness,
                since: .zero, subscription: AnyUsageID(kind: .clientSubscription, serial: serial))
        }
        func id(_ serial: UInt32) -> AnyUsageID { AnyUsageID(kind: .clientSubscription, serial: serial) }
        var rows = PresenceRows([row(1, .fresh), row(2, .stale), row(3, .fresh)])
        rows[0].freshness = .stale
        rows[2].subscription = nil
        #expect(rows.staleCount == 2 && rows.unwatchedCount == 1)
        #expect(rows.row(of: id(2))?.uri == "sip:2@lab.test" && rows.row(of: id(3)) == nil)
        rows[2].subscription = id(9)
        rows.remove(at: 0)
        #expect(rows.staleCount == 1 && rows.unwatchedCount == 0 && rows.row(of: id(1)) == nil)
        #expect(rows.row(of: id(2))?.uri == "sip:2@lab.test" && rows.row(of: id(9))?.uri == "sip:3@lab.test")
    }
}
