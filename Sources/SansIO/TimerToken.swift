/// Names one scheduled deadline. A token that has fired or was cancelled names nothing any more.
package struct TimerToken: Hashable, Sendable {
    package var index: Int32
    package var generation: UInt32

    package init(index: Int32, generation: UInt32) {
        self.index = index
        self.generation = generation
    }
}
