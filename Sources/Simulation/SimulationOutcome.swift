/// What one seed came to.
package struct SimulationOutcome: Sendable {
    package let seed: UInt64
    package var messages = 0
    package var shutdowns = 0
    /// Commands given, refused ones included; and user agents that crashed.
    package var commands = 0
    package var crashes = 0
    /// The rules that were broken; empty when all was well.
    package var violations: [String] = []
    /// Everything that passed, a line each, to be read from top to bottom; only where it was asked for.
    package var ladder: [String] = []

    init(seed: UInt64) { self.seed = seed }
}
