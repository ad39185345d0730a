/// Sounds of the same 20 ms, together.
package enum Mixer {
    /// The sum; what is too loud for a sample stays at the loudest there is.
    package static func sum(_ frames: [[Int16]]) -> [Int16] {
        guard let first = frames.first else { return AudioFrame.silence }
        guard frames.count > 1 else { return first }
        return (0..<AudioFrame.samples).map { index in
            Int16(clamping: frames.reduce(0) { $0 + ($1.indices.contains(index) ? Int($1[index]) : 0) })
        }
    }
}
