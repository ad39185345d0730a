package import Media
package import SoftphoneCore

/// One line of a script, read and checked.
package struct Statement: Sendable {
    /// Its first line in the file, counted from 1.
    package var line: Int
    /// The file that it stands in, when that is not the script's own.
    package var file: String?
    package var verb: String
    /// For people: as it stands in the file, without comment and without passwords.
    package var text: String
    package var action: Action
    /// `&`: the next line does not wait for this one.
    package var isAsynchronous = false
    /// `try`: never fails, and leaves what happened in `${rc}`.
    package var isTried = false
    /// `timeout D`, or `within D`.
    package var timeout: Duration?
    /// `expect CODE`.
    package var expectation: Expectation?
    /// What the line was read from, when it speaks of `${rc}` and must be read again each time.
    var source: LogicalLine?

    package enum Action: Sendable {
        case command(Command)
        case wait(Goal)
        case refuse(EventFilter, for: Duration)
        case assert(Expression, why: String?)
        case sleep(Duration)
        case set(Setting)
        case assign(name: String, value: String)
        case print(String)
        case flushEvents
        /// A title for the lines that follow, in what is told of the run.
        case label(String)
        /// The script is over, and this is its exit code unless something failed before.
        case leave(ExitCode)
        case open(BlockKind)
        case dump(Dump)
        case disturb(NetworkFault)
    }

    /// `tour.batch:7`, or `line 7` of the script's own file.
    package var place: String { file.map { "\($0):\(line)" } ?? "line \(line)" }

    /// What a `wait` or an `expect` waits for.
    package enum Goal: Hashable, Sendable {
        case event(EventFilter)
        case state(Expression)
    }

    package enum Setting: Hashable, Sendable {
        case timeout(Duration)
        case giveUp(Duration)
        case continuesAfterFailure(Bool)
        case device(AudioDevice)
    }
}

/// Which final answer a verb is meant to get: `expect 486`, `expect 4xx`.
package enum Expectation: Hashable, Sendable, CustomStringConvertible {
    case code(Int)
    case statusClass(Int)

    init?(_ word: String) {
        let bytes = Array(word.utf8)
        guard bytes.count == 3, (UInt8(ascii: "1")...UInt8(ascii: "6")).contains(bytes[0]) else { return nil }
        if bytes[1...].allSatisfy({ $0 | 0x20 == UInt8(ascii: "x") }) {
            self = .statusClass(Int(bytes[0] - 48))
        } else if let code = Int(word) {
            self = .code(code)
        } else {
            return nil
        }
    }

    func isMet(by code: Int?) -> Bool {
        switch self {
        case .code(let wanted): code == wanted
        case .statusClass(let wanted): code.map { $0 / 100 == wanted } ?? false
        }
    }
    /// Whether only a provisional response can meet it.
    var isProvisional: Bool {
        switch self {
        case .code(let code): code < 200
        case .statusClass(let statusClass): statusClass == 1
        }
    }
    package var description: String {
        switch self {
        case .code(let code): String(code)
        case .statusClass(let statusClass): "\(statusClass)xx"
        }
    }
}
