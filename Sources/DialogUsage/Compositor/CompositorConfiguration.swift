/// What an event state compositor is told once, at its start (RFC 3903 §6).
package struct CompositorConfiguration: Sendable {
    package var domain: ServedDomain
    package var authority: Authority
    package var decision: Decision
    /// Whether the core answers those who subscribe to what is published here.
    package var watching: Decision
    package var packages: [String: Package]
    /// Asked for with no time at all.
    package var usualExpires: Duration
    /// Less is refused with 423.
    package var shortestExpires: Duration
    /// More is cut down to this.
    package var longestExpires: Duration
    package var limits: Limits

    /// What may be published in one event package, and what watchers are shown.
    package struct Package: Hashable, Sendable {
        /// The types of its documents, such as `application/pidf+xml`; the first is that of an empty answer.
        package var contentTypes: [String]
        package var composition: Composition

        package init(contentTypes: [String], composition: Composition = .newest) {
            self.contentTypes = contentTypes.map { $0.lowercased() }
            self.composition = composition
        }
    }
    /// What watchers are shown of a resource with several publications.
    package enum Composition: Hashable, Sendable {
        /// The document that was published or modified last; a refresh makes none newer.
        case newest
        /// The application makes one document of all and hands it over with `compose`.
        case byApplication
    }
    /// Every limit of the compositor, in one place.
    package struct Limits: Hashable, Sendable {
        package var publicationsPerResource = 10
        package var publications = 100_000
        package var documentBytes = 65_536

        package init() {}
    }

    package init(
        domain: ServedDomain, packages: [String: Package], authority: Authority = .owner,
        decision: Decision = .automatic, watching: Decision = .automatic, usualExpires: Duration = .seconds(3600),
        shortestExpires: Duration = .seconds(60), longestExpires: Duration = .seconds(3600),
        limits: Limits = Limits()
    ) {
        self.domain = domain
        self.packages = packages
        self.authority = authority
        self.decision = decision
        self.watching = watching
        self.usualExpires = usualExpires
        self.shortestExpires = shortestExpires
        self.longestExpires = longestExpires
        self.limits = limits
    }
}
