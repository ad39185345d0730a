/// A step of a compiled pattern. Branches go to instruction numbers.
enum PatternInstruction: Hashable, Sendable {
    case take(CharacterSet)
    case check(PatternAnchor)
    case split(Int, Int)
    case jump(Int)
    case found
}

/// Lays a tree out as instructions.
struct PatternCompiler {
    private var program: [PatternInstruction] = []

    /// A pattern that grows beyond this is refused; it bounds the work per character of text.
    static let longestProgram = 8192

    static func program(for node: PatternNode) throws(PatternError) -> [PatternInstruction] {
        var compiler = PatternCompiler()
        try compiler.add(node)
        compiler.program.append(.found)
        return compiler.program
    }

    private mutating func add(_ node: PatternNode) throws(PatternError) {
        if program.count > Self.longestProgram { throw PatternError(text: "the pattern is too large", column: 1) }
        switch node {
        case .empty: break
        case .set(let set): program.append(.take(set))
        case .anchor(let anchor): program.append(.check(anchor))
        case .sequence(let parts): for part in parts { try add(part) }
        case .either(let options): try add(options)
        case .repeated(let body, let low, let high):
            for _ in 0..<low { try add(body) }
            if let high {
                for _ in low..<high { try addOptional(body) }
            } else {
                try addLoop(body)
            }
        }
    }

    private mutating func add(_ options: [PatternNode]) throws(PatternError) {
        var exits: [Int] = []
        for (index, option) in options.enumerated() {
            let isLast = index == options.count - 1
            let split = program.count
            if !isLast { program.append(.jump(0)) }
            try add(option)
            guard !isLast else { continue }
            exits.append(program.count)
            program.append(.jump(0))
            program[split] = .split(split + 1, program.count)
        }
        for exit in exits { program[exit] = .jump(program.count) }
    }

    private mutating func addOptional(_ body: PatternNode) throws(PatternError) {
        let split = program.count
        program.append(.jump(0))
        try add(body)
        program[split] = .split(split + 1, program.count)
    }

    private mutating func addLoop(_ body: PatternNode) throws(PatternError) {
        let split = program.count
        try addOptional(.sequence([body, .empty]))
        program.append(.jump(split))
        program[split] = .split(split + 1, program.count)
    }
}

/// One search: the set of instructions reached so far, moved along the text one character at a time.
struct PatternSearch {
    let program: [PatternInstruction]
    let text: [Unicode.Scalar]
    /// At which position, plus one, an instruction was last reached: no instruction is followed twice at one place.
    private var visited: [Int]

    init(program: [PatternInstruction], text: [Unicode.Scalar]) {
        self.program = program
        self.text = text
        visited = Array(repeating: 0, count: program.count)
    }

    mutating func run() -> Bool {
        var current: [Int] = []
        for position in 0...text.count {
            var reached: [CharacterSet?] = []
            if follow(current + [0], at: position, into: &reached, targets: &current) { return true }
            guard position < text.count else { break }
            current = zip(reached, current).compactMap { set, target in
                set?.contains(text[position]) == true ? target : nil
            }
        }
        return false
    }

    /// Follows everything that needs no character; true when the end of the pattern is reached.
    private mutating func follow(
        _ starts: [Int], at position: Int, into sets: inout [CharacterSet?], targets: inout [Int]
    ) -> Bool {
        var pending = starts
        targets = []
        while let instruction = pending.popLast() {
            guard visited[instruction] != position + 1 else { continue }
            visited[instruction] = position + 1
            switch program[instruction] {
            case .found: return true
            case .jump(let target): pending.append(target)
            case .split(let a, let b): pending += [a, b]
            case .check(let anchor): if holds(anchor, at: position) { pending.append(instruction + 1) }
            case .take(let set):
                sets.append(set)
                targets.append(instruction + 1)
            }
        }
        return false
    }

    private func holds(_ anchor: PatternAnchor, at position: Int) -> Bool {
        switch anchor {
        case .start: position == 0
        case .end: position == text.count
        case .wordBoundary: isWord(position - 1) != isWord(position)
        }
    }
    private func isWord(_ position: Int) -> Bool {
        text.indices.contains(position) && CharacterSet.word.contains(text[position])
    }
}
