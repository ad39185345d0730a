import Runtime

/// A way from one thread to another that is made later than the first of them: two threads that talk to each other
/// cannot both be made before the other.
final class Wire<Message: Sendable>: Sendable {
    private let receiver = Locked<(@Sendable (Message) -> Void)?>(nil)

    func connect(_ receiver: @escaping @Sendable (Message) -> Void) { self.receiver.withLock { $0 = receiver } }

    /// Lost before `connect`: nothing has been asked of anybody then.
    func send(_ message: Message) { receiver.withLock { $0 }?(message) }
}
