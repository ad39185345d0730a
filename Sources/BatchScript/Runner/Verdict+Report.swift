package import DialogUsage

extension Verdict {
    /// - Parameters:
    ///   - cause: what else went wrong, and first; without it the report decides.
    package init(
        on report: ShutdownReport, cause: ExitCode? = nil, passed: Int = 0, failed: Int = 0, elapsed: Duration,
        reason: String? = nil
    ) {
        self.init(
            exit: cause ?? (report.isClean ? .success : .unclean), passed: passed, failed: failed,
            abandoned: report.abandoned.map(\.id.description),
            refused: report.usages.count { $0.outcome.result == "refused" }, undelivered: report.undelivered.count,
            elapsed: elapsed, reason: reason)
    }
}
