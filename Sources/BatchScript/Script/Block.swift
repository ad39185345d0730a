/// Lines and blocks of lines that follow one another.
package struct Block: Sendable {
    package var nodes: [Node] = []

    /// Every line in it, however deep, in the order of the file.
    var lines: [Statement] {
        nodes.flatMap { node in
            switch node {
            case .line(let statement): [statement]
            case .block(let block): [block.opening] + block.body.lines + block.otherwise.lines
            }
        }
    }
}

package enum Node: Sendable {
    case line(Statement)
    case block(CompoundStatement)
}

/// A block with the line that opens it. What kind of block it is, and how often or whether it runs, is said by that
/// line's action, which may speak of variables and is then read again each time.
package struct CompoundStatement: Sendable {
    package var opening: Statement
    package var body: Block
    /// Behind `else`.
    package var otherwise = Block()
}

/// What opens a block.
package enum BlockKind: Sendable {
    case repetition(Int)
    /// Each line and block inside runs at the same time as the others.
    case parallel
    case choice(Expression)
    case finally

    var word: String {
        switch self {
        case .repetition: "repeat"
        case .parallel: "parallel"
        case .choice: "if"
        case .finally: "finally"
        }
    }
}
