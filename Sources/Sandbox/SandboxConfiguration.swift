package import SansIO

/// Who lives in the sandbox domain and how it behaves.
package struct SandboxConfiguration: Sendable {
    package var domain: String
    /// Digest passwords by user. `alice` is the program's own account, `carol` is for programs outside.
    package var passwords: [String: Secret<String>]
    /// How long bob lets the phone ring.
    package var bobRingsFor: Duration
    /// How often bob's presence changes by itself while somebody watches him.
    package var bobChangesEvery: Duration
    package var limits: Limits

    /// Every limit of the domain, in one place.
    package struct Limits: Hashable, Sendable {
        package var bindingsPerUser = 10
        package var publicationsPerUser = 10
        package var shortestLease = Duration.seconds(5)
        package var longestLease = Duration.seconds(3600)
        package var documentBytes = 65_536
        package init() {}
    }

    package init(
        alicePassword: Secret<String>, domain: String = "sandbox.test", bobRingsFor: Duration = .milliseconds(800),
        bobChangesEvery: Duration = .seconds(15), limits: Limits = Limits()
    ) {
        self.domain = domain
        passwords = ["alice": alicePassword, "carol": Secret("carol-secret")]
        self.bobRingsFor = bobRingsFor
        self.bobChangesEvery = bobChangesEvery
        self.limits = limits
    }

    /// Everybody with an address in the domain.
    package var users: Set<String> { Set(passwords.keys).union(["bob", "echo"]) }
}
