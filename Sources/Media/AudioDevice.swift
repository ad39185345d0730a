/// What a call says and where goes what it hears. All of them are clocked by the 20 ms of the audio thread.
package enum AudioDevice: Hashable, Sendable {
    /// Says nothing, hears nothing.
    case null
    case tone(hertz: Int)
    /// Plays one WAV file over and over and records into another; either may be absent.
    case file(input: String?, output: String?)
    /// What is heard is sent back.
    case echo

    package static let usualHertz = 440
    package static var tone: AudioDevice { .tone(hertz: usualHertz) }

    /// Reads `null`, `tone`, `tone:HERTZ`, `file:IN.wav,OUT.wav` (either may be empty) and `echo`; nil for all else.
    package init?(_ text: String) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        switch (parts[0], parts.count > 1 ? parts[1] : nil) {
        case ("null", nil): self = .null
        case ("echo", nil): self = .echo
        case ("tone", nil): self = .tone
        case ("tone", let rest?):
            guard let hertz = Int(rest), ToneGenerator.hertz.contains(hertz) else { return nil }
            self = .tone(hertz: hertz)
        case ("file", let rest?):
            let names = rest.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            guard (1...2).contains(names.count), names.contains(where: { !$0.isEmpty }) else { return nil }
            let output = names.count > 1 ? names[1] : ""
            self = .file(input: names[0].isEmpty ? nil : names[0], output: output.isEmpty ? nil : output)
        default: return nil
        }
    }
}

extension AudioDevice: CustomStringConvertible {
    package var description: String {
        switch self {
        case .null: "null"
        case .tone(let hertz): "tone:\(hertz)"
        case .file(let input, let output): "file:\(input ?? ""),\(output ?? "")"
        case .echo: "echo"
        }
    }
}
