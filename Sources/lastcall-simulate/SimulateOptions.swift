import Simulation

/// What `lastcall-simulate` is asked for; nil where it is asked for nonsense.
struct SimulateOptions: Sendable {
    var seeds: Range<UInt64>
    var plant: Plant?
    /// Ask for the end in every state that is reached, instead of only running the seeds.
    var isModelCheck = false

    init?(_ arguments: some Sequence<String>) {
        var (count, start): (UInt64, UInt64) = (100, 1)
        var rest = Array(arguments)[...]
        while let option = rest.popFirst() {
            if option == "--model" {
                isModelCheck = true
                continue
            }
            guard let value = rest.popFirst() else { return nil }
            switch option {
            case "--seeds":
                guard let number = UInt64(value), number > 0, number <= 100_000_000 else { return nil }
                count = number
            case "--seed":
                guard let number = UInt64(value), number < .max - 100_000_000 else { return nil }
                start = number
            case "--plant":
                guard let known = Plant(rawValue: value) else { return nil }
                plant = known
            default: return nil
            }
        }
        seeds = start..<(start + count)
    }
}
