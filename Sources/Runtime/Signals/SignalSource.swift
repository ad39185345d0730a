import CNetwork
import Glibc

/// The signals that ask something of the program, as a descriptor to read instead of handlers that interrupt.
///
/// Open it before any thread is started: the threads inherit that these signals are blocked. Programs that are started
/// from here inherit it as well.
package final class SignalSource: Sendable {
    package enum Signal: CInt, CaseIterable, Sendable {
        case hangUp = 1
        case interrupt = 2
        case quit = 3
        case userOne = 10
        case terminate = 15
        case continued = 18
        case stop = 20
        case windowChanged = 28
    }

    /// Readable when a signal is pending. `poll` it; read it with `next`.
    package let descriptor: CInt

    /// Also makes SIGPIPE harmless: a broken connection is an error of the write.
    package init() throws(RuntimeError) {
        let numbers = Signal.allCases.map(\.rawValue)
        descriptor = cn_signals_open(numbers, CInt(numbers.count))
        guard descriptor >= 0 else {
            throw .noResources(what: "signal descriptor", reason: String(cString: cn_error_text(-descriptor)))
        }
    }
    deinit { close(descriptor) }

    /// The next signal that has come; nil when there is none.
    package func next() -> Signal? {
        while true {
            let number = cn_signals_next(descriptor)
            guard number != 0 else { return nil }
            if let signal = Signal(rawValue: number) { return signal }
        }
    }
}
