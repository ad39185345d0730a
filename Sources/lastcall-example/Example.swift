import UserAgent

/// Registers, watches somebody, calls, and leaves in order: `lastcall-example ADDRESS SERVER PASSWORD PEER`.
@main
struct Example {
    static func main() async throws {
        let words = CommandLine.arguments
        guard words.count == 5 else { return print("usage: lastcall-example ADDRESS SERVER PASSWORD PEER") }
        let manager = DialogUsageManager()
        try manager.start()
        let account = try await manager.addAccount(address: words[1], server: words[2], password: words[3])

        let registration = try await manager.register(account)
        for await case .registered(_, let expires) in registration.events {
            print("registered for \(expires.components.seconds) s")
            break
        }
        let presence = try await manager.subscribe(words[4], event: "presence", from: account)
        for await case .notified(_, let state, _, _) in presence.events {
            print("watching: \(state)")
            break
        }
        let offer = try SessionText.audioOffer(address: "127.0.0.1", port: 40_000)
        let call = try await manager.invite(words[4], offer: offer, from: account)
        for await case .connected in call.events {
            print("connected")
            break
        }

        let report = await manager.shutdown(giveUp: .seconds(5))
        for row in report.usages { print("\(row.id): \(row.end)") }
        print(report.isClean ? "clean" : "not clean", await call.ended)
    }
}
