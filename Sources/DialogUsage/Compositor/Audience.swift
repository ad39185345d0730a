import SansIO

/// Who watches what of the compositor's resources, found from both ends.
struct Audience: Sendable {
    private var byResource: [PublishedResource: Set<UInt32>] = [:]
    private var byWatcher: [UInt32: PublishedResource] = [:]

    mutating func add(_ id: UsageID<ServerSubscription>, to resource: PublishedResource) {
        byResource[resource, default: []].insert(id.serial)
        byWatcher[id.serial] = resource
    }
    mutating func remove(_ id: AnyUsageID) {
        guard let resource = byWatcher.removeValue(forKey: id.serial) else { return }
        byResource[resource]?.remove(id.serial)
        if byResource[resource]?.isEmpty == true { byResource[resource] = nil }
    }
    /// The longest there first.
    func watchers(of resource: PublishedResource) -> [UsageID<ServerSubscription>] {
        (byResource[resource] ?? []).sorted().map { UsageID(serial: $0) }
    }
}
