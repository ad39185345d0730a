/// What a script can have written down.
package enum Dump: Hashable, Sendable {
    /// Everything the softphone knows, as JSON; nil: with the output.
    case state(file: String?)
    /// The messages of a usage.
    case ladder(usage: String, file: String?)
    /// The same as a packet capture, also of what went encrypted.
    case capture(usage: String, file: String)
    /// The screen of the terminal, as text.
    case screen(file: String)

    var file: String? {
        switch self {
        case .state(let file), .ladder(_, let file): file
        case .capture(_, let file), .screen(let file): file
        }
    }
    package var name: String {
        switch self {
        case .state: "state"
        case .ladder: "ladder"
        case .capture: "pcap"
        case .screen: "screen"
        }
    }
}

/// What is to be in a file.
package enum FileContent: Sendable {
    case bytes([UInt8])
    /// As the terminal would show it now; only the program can draw it.
    case screen
}
