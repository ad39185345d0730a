package import DialogUsage
import EventPackages
package import SansIO

/// Who lives in the sandbox domain and how it behaves.
package struct SandboxConfiguration: Sendable {
    package var domain: String
    /// Digest passwords by user. `alice` is the program's own account, `carol` is for programs outside.
    package var passwords: [String: Secret<String>]
    /// How long bob lets the phone ring.
    package var bobRingsFor: Duration
    /// How long bob talks at most to somebody whom he was asked to call.
    package var bobTalksFor = Duration.seconds(60)
    /// How often bob's presence changes by itself while somebody watches him.
    package var bobChangesEvery: Duration
    /// For the Date in answers to REGISTER; nil leaves it out.
    package var epoch: Epoch?
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
        bobChangesEvery: Duration = .seconds(15), epoch: Epoch? = nil, limits: Limits = Limits()
    ) {
        self.domain = domain
        passwords = ["alice": alicePassword, "carol": Secret("carol-secret")]
        self.bobRingsFor = bobRingsFor
        self.bobChangesEvery = bobChangesEvery
        self.epoch = epoch
        self.limits = limits
    }

    /// Everybody with an address in the domain.
    package var users: Set<String> { Set(passwords.keys).union(["bob", "echo"]) }

    // MARK: As the core wants to know it

    /// We are met by name or by our own addresses.
    func servedDomain(at local: LocalAddresses) -> ServedDomain {
        let own = [local.ipv4, local.ipv6].compactMap { $0?.description }
        return ServedDomain(
            name: domain, aliases: Set(["localhost", "127.0.0.1", "::1"] + own), users: .these(users))
    }
    func registrar(_ domain: ServedDomain) -> RegistrarConfiguration {
        var limits = RegistrarConfiguration.Limits()
        limits.bindingsPerAddress = self.limits.bindingsPerUser
        return RegistrarConfiguration(
            domain: domain, shortestExpires: self.limits.shortestLease, longestExpires: self.limits.longestLease,
            limits: limits)
    }
    /// The sandbox reads a document before it is taken, and makes one of several.
    func compositor(_ domain: ServedDomain) -> CompositorConfiguration {
        var limits = CompositorConfiguration.Limits()
        limits.publicationsPerResource = self.limits.publicationsPerUser
        limits.documentBytes = self.limits.documentBytes
        let presence = CompositorConfiguration.Package(
            contentTypes: [PresenceDocument.contentType], composition: .byApplication)
        return CompositorConfiguration(
            domain: domain, packages: [PresenceDocument.eventPackage: presence], decision: .asked,
            shortestExpires: self.limits.shortestLease, longestExpires: self.limits.longestLease, limits: limits)
    }
}
