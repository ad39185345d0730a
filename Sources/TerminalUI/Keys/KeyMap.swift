package import SoftphoneCore

/// Which key does what: the tables' own keys, and what the configuration has put in their place.
package struct KeyMap: Hashable, Sendable {
    /// What a key can be for.
    package enum Target: Hashable, Sendable {
        case verb(Verb)
        case screen(ScreenAction)

        /// As the configuration names it.
        package var word: String {
            switch self {
            case .verb(let verb): CommandSpec.spec(of: verb)?.word ?? ""
            case .screen(let action): action.word
            }
        }
        package var summary: String {
            switch self {
            case .verb(let verb): CommandSpec.spec(of: verb)?.summary ?? ""
            case .screen(let action): action.summary
            }
        }
        var usualKeys: [Key] {
            switch self {
            case .screen(let action): return action.usualKeys
            case .verb(let verb):
                guard let spec = CommandSpec.spec(of: verb) else { return [] }
                return (spec.key.map { [.character($0)] } ?? []) + (spec.function.map { [.function($0)] } ?? [])
            }
        }

        var place: ScreenAction.Place {
            switch self {
            case .verb: .screens
            case .screen(let action): action.place
            }
        }

        /// In the order in which help lists them.
        package static let all: [Target] =
            ScreenAction.allCases.map(Target.screen) + CommandSpec.all.map { .verb($0.verb) }
        package init?(word: String) {
            guard let target = Self.all.first(where: { $0.word == word }) else { return nil }
            self = target
        }
    }

    /// These do the same everywhere and for everybody: whoever cannot find the way out has no use for a key.
    package static let fixed: [(key: Key, summary: String)] = [
        (.control("c"), "End everything in order; twice: now; three times: at once"),
        (.control("z"), "Back to the shell for a while"),
    ]

    /// A key, and where it is pressed.
    private struct Stroke: Hashable {
        var key: Key
        var place: ScreenAction.Place
    }
    private var keys: [Target: [Key]] = [:]
    private var targets: [Stroke: Target] = [:]
    /// Keys of the tables that have been taken from what they were for.
    private var free: Set<Key> = []

    package init() {
        for target in Target.all { keys[target] = target.usualKeys }
        index()
    }

    /// Gives some targets other keys; all others keep theirs. Answers with the first two that want the same one, and then
    /// changes nothing.
    package mutating func rebind(_ wanted: [Target: [Key]]) -> (key: Key, first: Target, second: Target)? {
        var new = keys
        for (target, keys) in wanted { new[target] = keys }
        var seen: [Stroke: Target] = [:]
        for target in Target.all {
            for key in new[target] ?? [] {
                let stroke = Stroke(key: key, place: target.place)
                if let first = seen[stroke] { return (key, first, target) }
                seen[stroke] = target
            }
        }
        keys = new
        index()
        return nil
    }

    private mutating func index() {
        targets = [:]
        for (target, keys) in keys {
            for key in keys { targets[Stroke(key: key, place: target.place)] = target }
        }
        let usual = Target.all.filter { $0.place == .screens }.flatMap(\.usualKeys)
        free = Set(usual).filter { self.target(of: $0) == nil }
    }

    func target(of key: Key) -> Target? { targets[Stroke(key: key, place: .screens)] }
    /// In the shutdown panel, which has keys of its own.
    func leavingAction(of key: Key) -> ScreenAction? {
        guard case .screen(let action) = targets[Stroke(key: key, place: .shutdownPanel)] else { return nil }
        return action
    }
    func isFree(_ key: Key) -> Bool { free.contains(key) }
    package func keys(of target: Target) -> [Key] { keys[target] ?? [] }

    /// The one that the key bar names: the shortest to write, which is a character where there is one.
    func shown(_ target: Target) -> String? { keys(of: target).first?.description }
    func shown(_ verb: Verb) -> String? { shown(.verb(verb)) }
}
