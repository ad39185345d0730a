import BatchScript
import Glibc
import Runtime
import SansIO

/// Ends of a run that no script and no shutdown came to: each still has its line in the output.
enum LastResort {
    /// The third signal: everything stays where it is.
    static func leave(_ interruption: Interruption, _ format: OutputFormat) -> Never {
        let line = text(exit: interruption.exitCode, "left by a third signal; nothing more was said to anybody", format)
        // Whoever reads our output may be the very one who does not read on.
        var output = pollfd(fd: STDOUT_FILENO, events: Int16(POLLOUT), revents: 0)
        if poll(&output, 1, 0) == 1 { OutputFiles.write(line, to: STDOUT_FILENO) }
        _exit(format.exit(interruption.exitCode).rawValue)
    }

    /// The run could not begin. People read why on standard error, programs in the `end` record as well.
    static func tell(_ reasons: [String], exit: ExitCode, _ format: OutputFormat) {
        if format != .nagios {
            for reason in reasons { OutputFiles.write(visible(reason) + "\n", to: STDERR_FILENO) }
        }
        // For people that is all there is to say.
        guard format != .text else { return }
        OutputFiles.write(text(exit: exit, reasons.first ?? "", format), to: STDOUT_FILENO)
    }

    private static func text(exit: ExitCode, _ reason: String, _ format: OutputFormat) -> String {
        let now = MonotonicClock.now()
        let verdict = Verdict(exit: exit, elapsed: now - .zero, reason: reason)
        var writer = RecordWriter(format, started: .zero)
        return writer.lines(for: .end(verdict, nil), at: now).map { $0.text + "\n" }.joined()
    }
}
