import BatchScript
import CursesTerminal
import DialogUsage
import Glibc
import Runtime
import SansIO
import SoftphoneCore
import TerminalUI

/// One run in the terminal: what comes in goes to the application on the screen, what it wants goes to the softphone.
struct TerminalSession: ~Copyable {
    private var app: App
    private let host: HostedSoftphone
    private var log: RecordWriter?
    private var snapshot = SnapshotPace()
    private var frames = FramePace()
    private var lastRequest: UInt64 = 0
    private var ending: SessionEnding { host.ending }

    /// Which theme a configuration asks for here.
    private let look: (Configuration) -> Theme

    init(
        _ host: HostedSoftphone, _ configuration: Configuration, look: @escaping (Configuration) -> Theme,
        takesMouse: Bool, logs: Bool
    ) {
        app = App(keys: configuration.keys)
        app.theme = look(configuration)
        self.look = look
        app.takesMouse = takesMouse
        self.host = host
        log = logs ? RecordWriter(.jsonl, started: MonotonicClock.now()) : nil
    }

    /// Everything that has come since the last turn, and at most one screen.
    mutating func turn(_ events: [TerminalEvent], _ size: Size, _ files: borrowing OutputFiles) -> TerminalTurn {
        let now = MonotonicClock.now()
        for letter in host.inbox.takeAll() {
            switch letter {
            case .event(let event): hear(event, files, at: now)
            case .dropped(let count): hear(.happened(.dropped(count, at: now)), files, at: now)
            case .configuration(let configuration):
                app.keys = configuration.keys
                app.theme = look(configuration)
                frames.changed()
            case .finished: return .leave
            }
        }
        var isTyped = false
        for event in events {
            switch event {
            case .key(let key):
                isTyped = true
                perform(app.update(.key(key), at: now))
            case .mouse(let mouse):
                isTyped = true
                perform(app.update(.mouse(mouse), at: now))
            case .signal(SIGUSR1): if let trouble = files.reopen(at: now) { hear(.happened(trouble), files, at: now) }
            case .signal(let number): interrupt(number)
            case .hungUp: interrupt(SIGHUP)
            case .resized(let size):
                isTyped = true
                perform(app.update(.resized(size), at: now))
            case .rung, .elapsed: break
            }
        }
        perform(app.elapsed(at: now))
        if app.isInterrupted { ending.forcedByKey() }
        if ending.interruptions > 2 || app.isAbandoned { return .leave }
        if snapshot.isDue(at: now) { host.stack.send(.snapshotWanted) }
        guard frames.isDue(isTyped: isTyped, at: now) else { return .wait(again: wait(at: now)) }
        frames.drawn(stays: app.redrawsAfter(at: now), at: now)
        return .show(app.view(in: size, at: now), again: wait(at: now))
    }

    private func wait(at now: Instant) -> Duration? {
        [snapshot.wait(at: now), frames.wait(at: now)].compactMap(\.self).min()
    }

    // MARK: The softphone

    private mutating func hear(_ event: SoftphoneEvent, _ files: borrowing OutputFiles, at now: Instant) {
        switch event {
        case .changed: snapshot.isWanted = true
        case .snapshot(let model):
            snapshot.arrived(at: now)
            frames.changed()
            perform(app.update(.model(model), at: now))
        case .completed(let request, let result):
            frames.changed()
            perform(app.update(.completed(request, result), at: now))
        case .happened(let happening):
            note(.event(happening), files, at: now)
            frames.changed()
            perform(app.update(.happened(happening), at: now))
        case .shutdownUsage(let row, let phase, let name):
            note(.shutdownUsage(row, phase: phase, name: name), files, at: now)
        case .stopped(let report):
            if let verdict = ending.verdict { note(.end(verdict, report), files, at: now) }
        case .traced(let line): files.write(line)
        // They went to their threads directly.
        case .media, .fault, .keep, .reload, .callEnded, .bound, .leftovers: break
        }
    }

    private mutating func perform(_ commands: [SoftphoneCore.Command]) {
        for command in commands {
            lastRequest += 1
            host.stack.send(.request(RequestID(serial: lastRequest), command))
        }
    }

    private mutating func note(_ record: ScriptRecord, _ files: borrowing OutputFiles, at now: Instant) {
        for line in log?.lines(for: record, at: now) ?? [] { files.log(line.text) }
    }

    /// Signals that ask the program to end.
    private mutating func interrupt(_ number: CInt) {
        if let command = ending.interrupted(by: number) { perform([command]) }
    }

    // MARK: The end

    /// Left by a third signal, with everything still there.
    var isAbandoned: Bool { ending.report == nil }
    var exit: ExitCode { ending.exit }

    /// What is printed when the terminal is the user's again.
    var farewell: [String] { ending.farewell }
}
