import SansIO
import SoftphoneCore

/// What a script would do, for `--dry-run`: its lines with their blocks, and how long each may take at most.
package enum PlanText {
    package static func lines(of script: Script, giveUp: Duration) -> [String] {
        var plan = Plan(giveUp: giveUp)
        plan.add(script.body, depth: 0)
        if let finally = script.finally {
            plan.lines.append(plan.line("", "finally", depth: 0, limit: nil))
            plan.add(finally, depth: 1)
        }
        if !script.body.nodes.contains(where: \.isShutdown) {
            plan.lines.append(
                plan.line("end", "shutdown graceful giveup \(plan.giveUp.scriptText)", depth: 0, limit: nil))
        }
        return plan.lines
    }

    private struct Plan {
        var lines: [String] = []
        var timeout = Duration.seconds(10)
        var giveUp: Duration

        mutating func add(_ block: Block, depth: Int) {
            for node in block.nodes {
                switch node {
                case .line(let statement): add(statement, depth: depth)
                case .block(let compound):
                    let opening = compound.opening
                    lines.append(line(opening.number, opening.text, depth: depth, limit: nil))
                    add(compound.body, depth: depth + 1)
                    guard !compound.otherwise.nodes.isEmpty else { continue }
                    lines.append(line("", "else", depth: depth, limit: nil))
                    add(compound.otherwise, depth: depth + 1)
                }
            }
        }

        private mutating func add(_ statement: Statement, depth: Int) {
            if case .set(.timeout(let duration)) = statement.action { timeout = duration }
            if case .set(.giveUp(let duration)) = statement.action { giveUp = duration }
            lines.append(line(statement.number, statement.text, depth: depth, limit: limit(of: statement)))
        }

        private func limit(of statement: Statement) -> String? {
            switch statement.action {
            case .command(.shutdown(let request)):
                switch request.mode {
                case .force: return nil
                case .graceful, .ifIdle:
                    let limit = request.giveUp ?? giveUp
                    return limit == .zero ? "no limit" : "gives up after \(limit.scriptText)"
                }
            case .command, .wait: return "at most \((statement.timeout ?? timeout).scriptText)"
            case .refuse(_, let duration), .sleep(let duration): return duration.scriptText
            case .assert, .set, .assign, .print, .flushEvents, .label, .leave, .open, .dump, .disturb: return nil
            }
        }

        func line(_ number: String, _ text: String, depth: Int, limit: String?) -> String {
            let place = padded(left: number, to: 4)
            let indented = String(repeating: "  ", count: depth) + visibleLine(text)
            return limit.map { "\(place)  " + padded(indented, to: 60) + "  \($0)" } ?? "\(place)  \(indented)"
        }
    }
}

extension Statement {
    /// `7`, or `lib.batch:7`.
    fileprivate var number: String { file.map { "\($0):\(line)" } ?? String(line) }
}
extension Node {
    fileprivate var isShutdown: Bool { if case .line(let statement) = self { statement.endsEverything } else { false } }
}
