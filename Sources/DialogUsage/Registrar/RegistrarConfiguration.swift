package import SIPMessage

/// What a registrar is told once, at its start.
package struct RegistrarConfiguration: Sendable {
    package var domain: ServedDomain
    package var authority: Authority
    package var decision: Decision
    /// Asked for with no time at all (RFC 3261 §10.3 step 7).
    package var usualExpires: Duration
    /// Less is refused with 423; but an hour never is (§10.3 step 7).
    package var shortestExpires: Duration
    /// More is cut down to this.
    package var longestExpires: Duration
    /// Given in every 200 (RFC 3608 §6.3); loose routes.
    package var serviceRoute: [NameAddress]
    /// Whether a Path is taken from a user agent that does not say that it knows what that is (RFC 3327 §5.3).
    package var takesUnannouncedPath: Bool
    package var limits: Limits

    /// Every limit of the registrar, in one place.
    package struct Limits: Hashable, Sendable {
        package var bindingsPerAddress = 10
        package var bindings = 100_000
        package var pathsPerBinding = 8

        package init() {}
    }

    package init(
        domain: ServedDomain, authority: Authority = .owner, decision: Decision = .automatic,
        usualExpires: Duration = .seconds(3600), shortestExpires: Duration = .seconds(60),
        longestExpires: Duration = .seconds(86_400), serviceRoute: [NameAddress] = [],
        takesUnannouncedPath: Bool = false, limits: Limits = Limits()
    ) {
        self.domain = domain
        self.authority = authority
        self.decision = decision
        self.usualExpires = usualExpires
        self.shortestExpires = shortestExpires
        self.longestExpires = longestExpires
        self.serviceRoute = serviceRoute
        self.takesUnannouncedPath = takesUnannouncedPath
        self.limits = limits
    }
}
