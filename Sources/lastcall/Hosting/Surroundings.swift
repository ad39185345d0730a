import DialogUsage
import Media
import Runtime
import SansIO
import SoftphoneCore

/// What a softphone is put into, whichever face it has: the sandbox if there is one, its accounts, where it listens.
struct Surroundings: Sendable {
    let sandbox: SandboxHost?
    let softphone: SoftphoneConfiguration
    let listen: ListenOptions

    /// - Parameters:
    ///   - accounts: those of the configuration. With a sandbox it is alice of the sandbox and nobody else: trying
    ///     things out must not touch real accounts.
    ///   - applied: a fault of the sandbox is in force; its token.
    init(
        _ options: Options, _ configuration: Configuration, accounts: [Account], device: AudioDevice?,
        tracesMessages: Bool,
        applied: Wire<UInt64>
    ) throws {
        sandbox = try options.sandbox ? SandboxHost.start(port: options.sandboxPort ?? 0) { applied.send($0) } : nil
        var softphone = SoftphoneConfiguration(
            accounts: sandbox.map { [UserAccounts.alice(of: $0)] } ?? accounts,
            userAgent: "lastcall/\(Options.version)",
            giveUp: configuration.giveUp, sandbox: sandbox?.address, device: device ?? .tone,
            tracesMessages: tracesMessages)
        softphone.contacts = sandbox == nil ? configuration.contacts : []
        softphone.epoch = Epoch(seconds: WallClock.time(of: .zero).milliseconds / 1000)
        let recordings = BaseDirectory.data.path(of: "recordings", Environment.current)
        softphone.recordings = options.ephemeral ? "" : recordings ?? ""
        self.softphone = softphone
        listen = sandbox == nil ? ListenOptions() : .loopback()
    }

    /// The domain goes after the user agent, and leaves nothing either.
    ///
    /// - Returns: what it did leave, in a sentence; nil when all is well.
    func end() -> String? {
        guard let left = sandbox?.stop(), !left.isEmpty else { return nil }
        return "the sandbox left something behind: \(left)"
    }
}
