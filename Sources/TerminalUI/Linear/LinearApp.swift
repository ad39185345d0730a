import DialogUsage
package import SansIO
package import SoftphoneCore

/// The application without a screen: lines in, lines out, nothing that has been written is ever changed. For screen
/// readers, for terminals that cannot place a cursor, and for pipes.
///
/// Like `App` it is a model and an update; what a view is there, are the lines here.
package struct LinearApp: Sendable {
    package private(set) var model = SoftphoneModel(now: .zero)
    private var lines: [String] = []
    /// Commands under way, as they were typed.
    private var asked: [RequestID: String] = [:]
    private var lastProgress: Instant?
    private var isGreeted = false
    /// The first goodbye has been said.
    private var isLeaving = false

    /// Whom a shutdown waits for is said so often.
    static let progressInterval = Duration.seconds(1)

    package init() {}

    /// What has been said since the last time, oldest first.
    package mutating func takeLines() -> [String] {
        defer { lines = [] }
        return lines
    }

    /// Commands that have not been answered.
    package var isBusy: Bool { !asked.isEmpty }

    // MARK: The user

    /// What a line asks of the softphone; words about what there is are answered at once.
    package mutating func typed(_ line: String, at now: Instant) -> SoftphoneCore.Command? {
        let words = line.split(separator: " ").map(String.init)
        guard let first = words.first else { return nil }
        if let answer = LinearReport(model, now: now).answer(to: first, Array(words.dropFirst())) {
            lines += answer
            return nil
        }
        do throws(CommandError) {
            return try Command.parse(line: ["quit", "exit"].contains(line) ? "shutdown" : line)
        } catch {
            lines.append("error: \(error)")
            return nil
        }
    }

    /// A command has been given; its answer will be said with the words that asked for it.
    package mutating func sent(_ request: RequestID, for line: String) { asked[request] = line }

    // MARK: The softphone

    package mutating func take(_ model: SoftphoneModel, at now: Instant) {
        if isGreeted { announcePresence(model) }
        if self.model.shutdown != nil, model.shutdown == nil { isLeaving = false }
        self.model = model
        guard !isGreeted else { return }
        isGreeted = true
        lines += LinearReport(model, now: now).greeting
    }

    /// What is only known from before is said when it becomes so, by the subscription.
    private mutating func announcePresence(_ new: SoftphoneModel) {
        guard new.presence != model.presence else { return }
        let before = Dictionary(model.presence.map { ($0.uri, $0) }, uniquingKeysWith: { first, _ in first })
        for row in new.presence where row.freshness == .fresh {
            let old = before[row.uri]
            let isSame =
                old?.state == row.state && old?.activities == row.activities && old?.note == row.note
                && old?.freshness == row.freshness
            guard !isSame else { continue }
            let more = (row.activities + [row.note].compactMap { $0 }).joined(separator: ", ")
            lines.append("\(Words.withoutScheme(row.uri)) is \(row.state.rawValue)\(more.isEmpty ? "" : ", \(more)")")
        }
    }

    package mutating func completed(_ request: RequestID, _ result: CommandResult, at now: Instant) {
        let line = asked.removeValue(forKey: request)
        let what = line.map { "\($0.contains("password") ? "command" : $0): " } ?? ""
        switch result {
        case .succeeded(let success):
            if let forecast = success.forecast { lines += LinearReport(model, now: now).plan(forecast) }
            lines.append("\(what)\(success.text.isEmpty ? "done" : success.text)")
        case .failed(let failure): lines.append("\(what)failed, \(failure.text)")
        }
    }

    package mutating func happened(_ happening: Happening) {
        if happening.name == "shutdown.phase" { isLeaving = true }
        guard !isLeaving || !Announcement.isEnding(happening) else { return }
        if let text = Announcement.text(happening) { lines.append(text) }
    }

    // MARK: Time

    /// While we are leaving, whom we wait for, once a second.
    package mutating func elapsed(at now: Instant) {
        guard let shutdown = model.shutdown, isLeaving(shutdown) else {
            lastProgress = nil
            return
        }
        guard lastProgress.map({ now - $0 >= Self.progressInterval }) ?? true else { return }
        if lastProgress != nil { lines.append(LinearReport(model, now: now).progress(shutdown)) }
        lastProgress = now
    }

    /// When `elapsed` has something to say.
    package func wakesAfter(at now: Instant) -> Duration? {
        guard let shutdown = model.shutdown, isLeaving(shutdown) else { return nil }
        return lastProgress.map { max(.zero, $0 + Self.progressInterval - now) } ?? .zero
    }

    private func isLeaving(_ shutdown: ShutdownProgress) -> Bool {
        switch shutdown.stage {
        case .ending, .waitingForLaggards, .flushing: true
        case .running, .idleWait, .stopped: false
        }
    }
}
