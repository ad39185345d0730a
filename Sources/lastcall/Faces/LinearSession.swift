import BatchScript
import CursesTerminal
import DialogUsage
import Glibc
import Runtime
import SansIO
import SoftphoneCore
import TerminalUI

/// One run in lines: what comes in goes to the application without a screen, what it wants goes to the softphone.
struct LinearSession: ~Copyable {
    private var app = LinearApp()
    private let host: HostedSoftphone
    /// Nobody is there to wait with the next line until the last one has been answered, as in a pipe.
    private let waitsForAnswers: Bool
    private var log: RecordWriter?
    private var snapshot = SnapshotPace()
    private var lastRequest: UInt64 = 0
    private var ending: SessionEnding { host.ending }
    private var waiting: [LineEvent] = []
    /// Lines that have been read and cannot be run yet; further ones are left in the pipe.
    private static let mostWaiting = 256

    init(_ host: HostedSoftphone, waitsForAnswers: Bool, logs: Bool) {
        self.host = host
        self.waitsForAnswers = waitsForAnswers
        log = logs ? RecordWriter(.jsonl, started: MonotonicClock.now()) : nil
    }

    /// Everything that has come since the last turn, and what is to be said of it.
    mutating func turn(_ events: [LineEvent], _ files: borrowing OutputFiles) -> LineTurn {
        let now = MonotonicClock.now()
        for letter in host.inbox.takeAll() {
            switch letter {
            case .event(let event): hear(event, files, at: now)
            case .dropped(let count): hear(.happened(.dropped(count, at: now)), files, at: now)
            // Lines have neither keys nor a theme.
            case .configuration: break
            case .finished: return .leave(app.takeLines() + ending.farewell)
            }
        }
        for event in events {
            switch event {
            case .line, .endOfInput: waiting.append(event)
            case .signal(SIGUSR1): if let trouble = files.reopen(at: now) { hear(.happened(trouble), files, at: now) }
            case .signal(let number): if let command = ending.interrupted(by: number) { perform(command, for: nil) }
            case .rung, .elapsed: break
            }
        }
        workOff(at: now)
        app.elapsed(at: now)
        if ending.interruptions > 2 { return .leave(app.takeLines() + ending.farewell) }
        if snapshot.isDue(at: now) { host.stack.send(.snapshotWanted) }
        return .say(
            app.takeLines(), again: [snapshot.wait(at: now), app.wakesAfter(at: now)].compactMap(\.self).min(),
            reads: waiting.count < Self.mostWaiting)
    }

    // MARK: Lines

    private mutating func workOff(at now: Instant) {
        while let event = waiting.first, !waitsForAnswers || !app.isBusy {
            // What there is has not been told yet: a line about it would be answered with nothing.
            guard !waitsForAnswers || snapshot.isQuiet else { return }
            waiting.removeFirst()
            switch event {
            case .line(let line): if let command = app.typed(line, at: now) { perform(command, for: line) }
            case .endOfInput: perform(.shutdown(ShutdownRequest(.graceful)), for: nil)
            case .signal, .rung, .elapsed: break
            }
        }
    }

    private mutating func perform(_ command: SoftphoneCore.Command, for line: String?) {
        lastRequest += 1
        let request = RequestID(serial: lastRequest)
        if let line { app.sent(request, for: line) }
        host.stack.send(.request(request, command))
    }

    // MARK: The softphone

    private mutating func hear(_ event: SoftphoneEvent, _ files: borrowing OutputFiles, at now: Instant) {
        switch event {
        case .changed: snapshot.isWanted = true
        case .snapshot(let model):
            snapshot.arrived(at: now)
            app.take(model, at: now)
        case .completed(let request, let result):
            app.completed(request, result, at: now)
            snapshot.isWanted = true
        case .happened(let happening):
            note(.event(happening), files, at: now)
            app.happened(happening)
        case .shutdownUsage(let row, let phase, let name):
            note(.shutdownUsage(row, phase: phase, name: name), files, at: now)
        case .stopped(let report):
            if let verdict = ending.verdict { note(.end(verdict, report), files, at: now) }
        case .traced(let line): files.write(line)
        // They went to their threads directly.
        case .media, .fault, .keep, .reload, .callEnded, .bound, .leftovers: break
        }
    }

    private mutating func note(_ record: ScriptRecord, _ files: borrowing OutputFiles, at now: Instant) {
        for line in log?.lines(for: record, at: now) ?? [] { files.log(line.text) }
    }

    // MARK: The end

    /// Left by a third signal, with everything still there.
    var isAbandoned: Bool { ending.report == nil }
    var exit: ExitCode { ending.exit }
}
