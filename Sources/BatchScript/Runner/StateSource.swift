package import DialogUsage
package import SansIO

/// The state of things, as a script sees it.
package protocol StateSource {
    /// For expressions. nil: nothing is known under this path.
    func value(at path: String) -> ScriptValue?
    /// The name of the account that a live usage belongs to.
    func account(of usage: AnyUsageID) -> String?
    /// What a file or the output is to hold; nil: there is no usage of that name.
    func content(of dump: Dump) -> FileContent?
    /// What a shutdown waits for, in a sentence each.
    func blockers(at now: Instant) -> [String]
}
