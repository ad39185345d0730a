import SansIO
import SoftphoneCore

/// One line of work through the script. There is one at the beginning; `parallel` makes one of each of its lines, and
/// goes on when they are done.
///
///            begins a line that waits          it is done
///   ready ─────────────────────────▶ waiting ─────────────▶ ready
///     │ parallel                                              ▲
///     └────────▶ joining ── the last of its own is done ──────┘
struct Strand: Sendable {
    enum State: Sendable {
        /// Goes on at once; since when.
        case ready(since: Instant)
        case waiting(ScriptRunner.Wait, ScriptRunner.Step)
        /// So many strands of its own are not done yet.
        case joining(Int)
    }
    let id: Int
    /// Who waits for it.
    let parent: Int?
    private var frames: [Frame]
    var state: State

    /// A place in a block, and the turn if that is done several times.
    private struct Frame: Sendable {
        var block: Block
        var next = 0
        var turn = 1
        var turns: Int?
    }

    init(id: Int, parent: Int? = nil, through block: Block, at now: Instant) {
        self.id = id
        self.parent = parent
        frames = [Frame(block: block)]
        state = .ready(since: now)
    }

    /// Which turn of the innermost `repeat` it is in.
    var turn: Int? { frames.last { $0.turns != nil }?.turn }

    /// What comes next; nil when it has come to its end.
    mutating func next() -> Node? {
        while let frame = frames.last {
            if frame.next < frame.block.nodes.count {
                frames[frames.count - 1].next += 1
                return frame.block.nodes[frame.next]
            }
            if let turns = frame.turns, frame.turn < turns, !frame.block.nodes.isEmpty {
                frames[frames.count - 1].turn += 1
                frames[frames.count - 1].next = 0
            } else {
                frames.removeLast()
            }
        }
        return nil
    }

    /// - Parameter turns: nil: once, and it is no `repeat`.
    mutating func enter(_ block: Block, turns: Int? = nil) {
        if turns != 0 { frames.append(Frame(block: block, turns: turns)) }
    }
}

/// The strands that there are, oldest first.
struct Strands: Sendable {
    /// Which part of the script they go through.
    enum Part: Sendable { case body, finally }

    let part: Part
    private(set) var all: [Strand] = []
    private var lastID = 0

    init(_ part: Part, through block: Block, at now: Instant) {
        self.part = part
        add(block, parent: nil, at: now)
    }

    var isEmpty: Bool { all.isEmpty }
    /// The lines that wait, with the strands they are in.
    var waiting: [(id: Int, wait: ScriptRunner.Wait, step: ScriptRunner.Step)] {
        all.compactMap { if case .waiting(let wait, let step) = $0.state { ($0.id, wait, step) } else { nil } }
    }
    var firstReady: Strand? { all.first { if case .ready = $0.state { true } else { false } } }

    /// When something is to be done though nothing comes.
    var nextDeadline: Instant? {
        all.reduce(nil) { soonest, strand in
            switch strand.state {
            case .ready(let since): earliest(soonest, since)
            case .waiting(let wait, _): earliest(soonest, wait.deadline)
            case .joining: soonest
            }
        }
    }

    private mutating func add(_ block: Block, parent: Int?, at now: Instant) {
        lastID += 1
        all.append(Strand(id: lastID, parent: parent, through: block, at: now))
    }

    mutating func update(_ strand: Strand) {
        if let index = all.firstIndex(where: { $0.id == strand.id }) { all[index] = strand }
    }
    mutating func set(_ state: Strand.State, of id: Int) {
        if let index = all.firstIndex(where: { $0.id == id }) { all[index].state = state }
    }

    /// One strand for each line and each block of `block`.
    mutating func fork(_ strand: Strand, into block: Block, at now: Instant) {
        guard !block.nodes.isEmpty else { return }
        set(.joining(block.nodes.count), of: strand.id)
        for node in block.nodes { add(Block(nodes: [node]), parent: strand.id, at: now) }
    }

    /// It has come to its end; who waits for the last of several goes on.
    mutating func remove(_ strand: Strand, at now: Instant) {
        all.removeAll { $0.id == strand.id }
        guard let index = all.firstIndex(where: { $0.id == strand.parent }),
            case .joining(let left) = all[index].state
        else { return }
        all[index].state = left > 1 ? .joining(left - 1) : .ready(since: now)
    }
}
