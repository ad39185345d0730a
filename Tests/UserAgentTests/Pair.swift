import UserAgent

/// Two programs that know nothing but the library.
struct Pair {
    let alice: DialogUsageManager
    let bob: DialogUsageManager
    let account: DialogUsageManager.AccountHandle
    let bobsAccount: DialogUsageManager.AccountHandle
    let bobsAddress: String

    init(_ alices: DialogUsageManager.Configuration = .init()) async throws {
        alice = DialogUsageManager(alices)
        var configuration = DialogUsageManager.Configuration()
        configuration.eventPackages = ["presence"]
        bob = DialogUsageManager(configuration)
        try alice.start()
        try bob.start()
        account = try await alice.addAccount(address: "sip:alice@127.0.0.1:\(alice.port ?? 0)")
        bobsAddress = "sip:bob@127.0.0.1:\(bob.port ?? 0)"
        bobsAccount = try await bob.addAccount(address: bobsAddress)
    }

    /// Alice calls bob, who answers.
    func call() async throws -> (caller: UsageHandle, callee: UsageHandle) {
        let offer = try SessionText.audioOffer(address: "127.0.0.1", port: 40_000)
        let caller = try await alice.invite(bobsAddress, offer: offer, from: account)
        for await case .incomingCall(let callee, _, let offer?) in bob.events {
            let answer = try SessionText.audioAnswer(to: offer, address: "127.0.0.1", port: 40_002)
            try await bob.answer(callee, with: answer)
            for await case .connected in caller.events { break }
            for await case .connected in callee.events { break }
            return (caller, callee)
        }
        throw ManagerError.shuttingDown
    }

    /// Both leave; bob first has what he is owed.
    func leave() async -> (alice: ManagerReport, bob: ManagerReport) {
        let first = await alice.shutdown(giveUp: .seconds(5))
        return (first, await bob.shutdown(giveUp: .seconds(5)))
    }
}
