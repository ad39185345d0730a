/// The four texts of one usage in the list. All rows on the screen get the same columns.
struct UsageTexts: Hashable {
    var name: String
    var peer: String
    /// What of `peer` may go when there is no room for it: the event package.
    var peerDetail = ""
    /// What the peer is shortened for: that a call is recorded, in a conference, muted.
    var marks = ""
    var state: String
    /// A word that may be shortened, and the time behind it, which may not.
    var word = ""
    var time: String
    /// Both together, once the columns are known.
    var right = ""

    /// Brings all rows to one width: two columns of marks, the texts with a blank between them, a blank at the end.
    static func columns(_ rows: [UsageTexts], width: Int) -> [UsageTexts] {
        let name = clamp(rows.map { Width.of($0.name) }.max() ?? 0, 6, 14)
        let state = clamp(rows.map { Width.of($0.state) }.max() ?? 0, 9, 12)
        let right = clamp(rows.map { Width.of($0.whole) }.max() ?? 0, 5, max(16, width * 5 / 14))
        let peer = max(6, width - 2 - name - 1 - 1 - state - 1 - right - 1)
        return rows.map { row in
            var row = row
            row.name = Width.pad(row.name, to: name)
            if !row.marks.isEmpty {
                row.peer = Width.fit(row.peer, in: max(1, peer - Width.of(row.marks) - 1)) + " " + row.marks
            }
            let detailed = "\(row.peer) \(row.peerDetail)"
            row.peer = Width.pad(Width.of(detailed) <= peer ? detailed : row.peer, to: peer)
            row.state = Width.pad(row.state, to: state)
            row.right = Width.pad(row.fitting(right), to: right, rightAligned: true)
            return row
        }
    }

    private var whole: String { word.isEmpty || time.isEmpty ? word + time : "\(word) \(time)" }

    private func fitting(_ width: Int) -> String {
        guard !word.isEmpty, !time.isEmpty else { return Width.fit(word + time, in: width) }
        return Width.fit(word, in: max(1, width - Width.of(time) - 1)) + " " + time
    }
    private static func clamp(_ number: Int, _ low: Int, _ high: Int) -> Int { min(max(number, low), high) }
}
