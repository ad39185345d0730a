/// Told when a `DialogUsageManager` and everything it owned are gone: the name and meaning of the 2004 proposal.
public protocol DumShutdownHandler: AnyObject, Sendable {
    /// All usages have ended, the stack is closed, its sockets too, and its thread has been joined. Called once, never
    /// on the stack thread; the manager may be released inside.
    func onDumCanBeDeleted()
}
