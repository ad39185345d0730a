package import Media
package import SansIO
package import SoftphoneCore

/// A softphone with a script at its keys, as one machine: the same run under real sockets and on a simulated network.
///
///     network, media ──▶ softphone ──happened, completed──▶ runner ──send──▶ softphone
///                            │                                │
///                            ▼ network, media, faults         ▼ lines, verdict
package struct ScriptedSoftphone: Machine {
    package enum Command: Sendable {
        case start
        case media(MediaEvent)
        case faultApplied(RequestID)
        case kept(RequestID, Kept)
        case reloaded(RequestID, Reloaded)
        /// nil: it is written; otherwise why not.
        case written(RequestID, String?)
        case interrupted(Interruption)
    }

    package enum Event: Sendable {
        case line(OutputLine)
        case media(MediaCommand)
        case fault(RequestID, SandboxFault)
        case keep(RequestID, Keeping)
        case reload(RequestID)
        /// To be written, and answered by `written`.
        case file(RequestID, path: String, bytes: [UInt8])
        /// The terminal's screen of this moment.
        case screen(RequestID, path: String, SoftphoneModel)
        case traced(TraceLine)
        /// A record for the log, whatever the format of the output.
        case logged(String)
        /// The last thing said; `finished` follows.
        case verdict(Verdict)
    }

    private var softphone: Softphone
    private var runner: ScriptRunner
    private var writer: RecordWriter
    private var log: RecordWriter?
    /// nil: the network is as it is.
    private var faults: NetworkFaults?
    private var isSoftphoneFinished = false

    package init(
        _ softphone: Softphone, runner: ScriptRunner, format: OutputFormat, keepsLog: Bool = false, started: Instant
    ) {
        self.softphone = softphone
        self.runner = runner
        writer = RecordWriter(format, started: started)
        // The same faults come in the same places each time.
        faults = runner.script.facts.allowsFaults ? NetworkFaults(entropy: Entropy(seed: 1)) : nil
        log = keepsLog ? RecordWriter(.jsonl, started: started) : nil
    }

    package var model: SoftphoneModel { softphone.model }
    package var nextDeadline: Instant? {
        earliest(earliest(softphone.nextDeadline, runner.nextDeadline), faults?.nextDeadline)
    }

    package mutating func handle(_ input: MachineInput<Command>, at now: Instant) -> [MachineOutput<Event>] {
        var work = Work()
        switch input {
        case .network(let network):
            guard let passage = faults?.received(network, at: now) else {
                tell(.network(network), at: now, &work)
                break
            }
            pass(passage, at: now, &work)
        case .command(.start): work.news.append(.started)
        case .command(.media(let event)): tell(.command(.media(event)), at: now, &work)
        case .command(.faultApplied(let request)): tell(.command(.faultApplied(request)), at: now, &work)
        case .command(.kept(let request, let outcome)):
            tell(.command(.kept(request, outcome)), at: now, &work)
        case .command(.reloaded(let request, let outcome)):
            tell(.command(.reloaded(request, outcome)), at: now, &work)
        case .command(.written(let request, let fault)):
            let result: CommandResult =
                if let fault {
                    .failed(CommandFailure(.notNow, fault))
                } else {
                    .succeeded(CommandResult.Success(text: "written"))
                }
            work.news.append(.completed(request, result))
        case .command(.interrupted(let interruption)): work.news.append(.interrupted(interruption))
        case .deadlineReached:
            if let passage = faults?.arrivals(at: now) { pass(passage, at: now, &work) }
            if let deadline = softphone.nextDeadline, deadline <= now { tell(.deadlineReached, at: now, &work) }
            if let deadline = runner.nextDeadline, deadline <= now { work.news.append(.deadlineReached) }
        }
        settle(&work, at: now)
        return work.outputs
    }

    /// What there is still to tell the runner, and what has come out so far.
    private struct Work {
        var news: [ScriptRunner.Input] = []
        var outputs: [MachineOutput<Event>] = []
    }

    /// Runner and softphone talk until neither has anything left to say. Each command makes the softphone say only a
    /// bounded number of things, and the runner gives each line of the script once, so this ends.
    private mutating func settle(_ work: inout Work, at now: Instant) {
        var index = 0
        while index < work.news.count {
            let news = work.news[index]
            index += 1
            let said = runner.handle(news, in: ModelSource(softphone: softphone), at: now)
            for output in said { perform(output, at: now, &work) }
        }
        if isSoftphoneFinished, let verdict = runner.verdict {
            work.outputs += [.event(.verdict(verdict)), .finished]
            isSoftphoneFinished = false
        }
    }

    private mutating func perform(_ output: ScriptRunner.Output, at now: Instant, _ work: inout Work) {
        switch output {
        case .send(let request, let command): tell(.command(.request(request, command)), at: now, &work)
        case .disturb(let fault):
            if let passage = faults?.apply(fault) { pass(passage, at: now, &work) }
        case .report(let record):
            work.outputs += writer.lines(for: record, at: now).map { .event(.line($0)) }
            work.outputs += log?.lines(for: record, at: now).map { .event(.logged($0.text)) } ?? []
        case .write(let request, let path, .bytes(let bytes)):
            work.outputs.append(.event(.file(request, path: path, bytes: bytes)))
        case .write(let request, let path, .screen):
            work.outputs.append(.event(.screen(request, path: path, softphone.model)))
        case .finished: break
        }
    }

    private mutating func tell(_ input: MachineInput<SoftphoneInput>, at now: Instant, _ work: inout Work) {
        var passages: [NetworkFaults.Passage] = []
        for output in softphone.handle(input, at: now) {
            switch output {
            case .network(let network):
                if let passage = faults?.sent(network, at: now) {
                    passages.append(passage)
                } else {
                    work.outputs.append(.network(network))
                }
            case .finished: isSoftphoneFinished = true
            case .event(let event): note(event, &work)
            }
        }
        for passage in passages { pass(passage, at: now, &work) }
    }

    /// Through the bad network, in both directions.
    private mutating func pass(_ passage: NetworkFaults.Passage, at now: Instant, _ work: inout Work) {
        work.outputs += passage.forth.map { .network($0) }
        for input in passage.back { tell(.network(input), at: now, &work) }
    }

    private func note(_ event: SoftphoneEvent, _ work: inout Work) {
        switch event {
        case .completed(let request, let result): work.news.append(.completed(request, result))
        case .happened(let happening): work.news.append(.happened(happening))
        case .changed: work.news.append(.changed)
        // A script has records of its own.
        case .snapshot, .callEnded, .bound, .leftovers: break
        case .media(let command): work.outputs.append(.event(.media(command)))
        case .fault(let request, let fault): work.outputs.append(.event(.fault(request, fault)))
        case .keep(let request, let keeping): work.outputs.append(.event(.keep(request, keeping)))
        case .reload(let request): work.outputs.append(.event(.reload(request)))
        case .shutdownUsage(let row, let phase, let name): work.news.append(.usageEnded(row, phase: phase, name: name))
        case .stopped(let report): work.news.append(.stopped(report))
        case .traced(let line): work.outputs.append(.event(.traced(line)))
        }
    }
}
