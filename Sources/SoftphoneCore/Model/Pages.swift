package import SansIO

/// A long list of which few rows change at a time, and of which somebody else always holds the last state: a change
/// copies the page it is on, not the whole, and two states share the pages in which they are alike.
package struct Pages<Row: Hashable & Sendable>: Sendable {
    private var pages: [[Boxed<Row>]] = []
    /// At which place each page begins; at the end how many rows there are.
    private var starts = [0]
    private static var longest: Int { 128 }

    package init() {}

    package init(_ rows: some Sequence<Row>) {
        var page: [Boxed<Row>] = []
        for row in rows {
            page.append(Boxed(row))
            if page.count == Self.longest {
                pages.append(page)
                page = []
            }
        }
        if !page.isEmpty { pages.append(page) }
        count(from: 0)
    }

    // MARK: Changing

    package mutating func append(_ row: Row) { insert(row, at: endIndex) }

    package mutating func insert(_ row: Row, at index: Int) {
        guard !pages.isEmpty else {
            pages = [[Boxed(row)]]
            return count(from: 0)
        }
        // What comes at the end of a page stays on it, so that a list which only grows has full pages.
        var (page, place) = index == endIndex ? (pages.count - 1, pages[pages.count - 1].count) : locate(index)
        if pages[page].count == Self.longest {
            let middle = place == Self.longest ? Self.longest : Self.longest / 2
            pages.insert(Array(pages[page][middle...]), at: page + 1)
            pages[page].removeLast(Self.longest - middle)
            if place >= middle { (page, place) = (page + 1, place - middle) }
        }
        pages[page].insert(Boxed(row), at: place)
        count(from: page == 0 ? 0 : page - 1)
    }

    package mutating func remove(at index: Int) {
        let (page, place) = locate(index)
        pages[page].remove(at: place)
        if pages[page].isEmpty { pages.remove(at: page) }
        count(from: page == 0 ? 0 : page - 1)
    }

    private mutating func count(from page: Int) {
        starts.removeLast(Swift.max(0, starts.count - 1 - page))
        for page in pages[Swift.min(page, pages.count)...] { starts.append(starts[starts.count - 1] + page.count) }
    }

    private func locate(_ index: Int) -> (page: Int, place: Int) {
        precondition(index >= 0 && index < endIndex, "no such row")
        var (low, high) = (0, pages.count - 1)
        while low < high {
            let middle = (low + high + 1) / 2
            if starts[middle] <= index { low = middle } else { high = middle - 1 }
        }
        return (low, index - starts[low])
    }

    // MARK: Searching

    /// The first place from which on the rows are at or after what is sought; they must be in that order.
    package func firstIndex(atOrAfter isAtOrAfter: (Row) -> Bool) -> Int {
        var (low, high) = (0, pages.count)
        while low < high {
            let middle = (low + high) / 2
            if isAtOrAfter(pages[middle][pages[middle].count - 1].value) { high = middle } else { low = middle + 1 }
        }
        guard low < pages.count else { return endIndex }
        let page = pages[low]
        var (first, last) = (0, page.count - 1)
        while first < last {
            let middle = (first + last) / 2
            if isAtOrAfter(page[middle].value) { last = middle } else { first = middle + 1 }
        }
        return starts[low] + first
    }
}

extension Pages: RandomAccessCollection {
    package var startIndex: Int { 0 }
    package var endIndex: Int { starts[starts.count - 1] }

    package subscript(index: Int) -> Row {
        _read {
            let (page, place) = locate(index)
            yield pages[page][place].value
        }
        _modify {
            let (page, place) = locate(index)
            yield &pages[page][place].value
        }
    }

    /// The rows in their boxes: who wants a part of each need not copy the whole.
    package struct Boxes: Sequence, IteratorProtocol {
        fileprivate let pages: [[Boxed<Row>]]
        private var page = 0
        private var place = 0

        fileprivate init(_ pages: [[Boxed<Row>]]) { self.pages = pages }

        package mutating func next() -> Boxed<Row>? {
            while page < pages.count {
                if place < pages[page].count {
                    place += 1
                    return pages[page][place - 1]
                }
                (page, place) = (page + 1, 0)
            }
            return nil
        }
    }
    package var boxes: Boxes { Boxes(pages) }
}

extension Pages: Hashable {
    package static func == (left: Pages, right: Pages) -> Bool {
        guard left.endIndex == right.endIndex else { return false }
        if left.starts == right.starts {
            return zip(left.pages, right.pages).allSatisfy { sharesStorage($0, $1) || areAlike($0, $1) }
        }
        return left.elementsEqual(right)
    }
    private static func areAlike(_ left: [Boxed<Row>], _ right: [Boxed<Row>]) -> Bool {
        zip(left, right).allSatisfy { $0.value == $1.value }
    }
    private static func sharesStorage(_ left: [Boxed<Row>], _ right: [Boxed<Row>]) -> Bool {
        left.withUnsafeBufferPointer { left in right.withUnsafeBufferPointer { left.baseAddress == $0.baseAddress } }
    }
    package func hash(into hasher: inout Hasher) { for row in self { hasher.combine(row) } }
}
