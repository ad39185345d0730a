import CursesTerminal
import Runtime
import SoftphoneCore

/// What other threads leave for the terminal's thread, which is woken by its bell. A slow terminal finds everything in
/// one turn; nobody waits for it, and one that stands still for days costs no more than what fits in here.
final class TerminalInbox: Sendable {
    private struct Contents {
        var news: [TerminalNews] = []
        /// Messages and events of which too many wait.
        var droppable = 0
        var dropped = 0
        var isChangeKnown = false
    }
    private let contents = Locked(Contents())
    private let bell: TerminalBell
    private let most: Int

    /// - Parameter most: events and traced messages that wait at the same time.
    init(_ bell: TerminalBell, most: Int = 10_000) {
        self.bell = bell
        self.most = most
    }

    func post(_ news: TerminalNews) {
        let isFirst = contents.withLock { contents in
            let wasEmpty = contents.news.isEmpty && contents.dropped == 0
            switch news {
            case .event(.changed):
                guard !contents.isChangeKnown else { return false }
                contents.isChangeKnown = true
                contents.news.append(news)
            case .event(.happened), .event(.traced):
                if contents.droppable < most {
                    contents.droppable += 1
                    contents.news.append(news)
                } else {
                    contents.dropped += 1
                }
            // Somebody waits for each of these, or there are few.
            case .event, .configuration, .finished, .dropped: contents.news.append(news)
            }
            return wasEmpty
        }
        if isFirst { bell.ring() }
    }

    /// To be called after the bell has been silenced.
    func takeAll() -> [TerminalNews] {
        let contents = contents.withLock { contents in
            defer { contents = Contents() }
            return contents
        }
        guard contents.dropped > 0 else { return contents.news }
        // Before the end, which is the last that is heard.
        let end = contents.news.lastIndex { if case .finished = $0 { true } else { false } } ?? contents.news.endIndex
        return contents.news[..<end] + [.dropped(contents.dropped)] + contents.news[end...]
    }
}
