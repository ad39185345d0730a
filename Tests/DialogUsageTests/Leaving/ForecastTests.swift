import Ladder
import SIPMessage
import SansIO
import Testing

@testable import DialogUsage

@Suite("What a shutdown would do, before it does it (shutdown.md, O2)")
struct ForecastTests {
    private func deaf() throws -> World {
        var world = World()
        try world.register()
        try world.subscribe()
        try world.subscribe()
        try world.publish()
        try world.call()
        for method in [Method.register, .subscribe, .publish, .bye] { world.peer.manners[method] = .silent }
        return world
    }

    @Test("Groups with members stand in the order in which they end, with their usages; asking changes nothing")
    func order() throws {
        var world = try deaf()
        let forecast = world.core.shutdownForecast(giveUp: .seconds(5))
        #expect(
            forecast.groups.map(\.group) == [
                .clientInviteSessions, .clientSubscriptions, .clientPublications, .clientRegistrations,
            ])
        #expect(forecast.groups.map(\.usages.count) == [1, 2, 1, 1])
        #expect(forecast.count == 5)
        let turned = world.core.shutdownForecast(
            giveUp: .seconds(5), plan: ShutdownPlan(order: [.clientPublications]))
        #expect(turned.groups.map(\.group).first == .clientPublications)
        #expect(!world.core.isShuttingDown)
        world.shutdown(giveUp: .seconds(1))
        world.runToTheEnd()
        world.finish()
    }

    @Test("When nobody answers, each group takes exactly as long as was said, and all of it too")
    func worst() throws {
        var world = try deaf()
        let forecast = world.core.shutdownForecast(giveUp: .seconds(5))
        let began = world.now
        world.shutdown(giveUp: .seconds(5))
        world.runToTheEnd()
        let report = try #require(world.report)
        var expected = began
        for group in forecast.groups {
            #expect(report.groups.first { $0.group == group.group }?.started == expected, "\(group.group)")
            expected += group.longest
        }
        #expect(world.now - began == forecast.longest)
        #expect(forecast.longest == .seconds(5))
        world.finish()
    }

    @Test("Without a deadline it says a time within which everything is gone, whoever is silent (S1)")
    func unlimited() throws {
        var world = try deaf()
        let forecast = world.core.shutdownForecast(giveUp: .zero)
        #expect(forecast.groups.allSatisfy { $0.longest == .seconds(32) })
        let began = world.now
        world.shutdown(giveUp: .zero)
        world.runToTheEnd()
        #expect(world.now - began <= forecast.longest)
        world.finish()
    }

    @Test("With nothing alive there is nothing to wait for")
    func nothing() {
        var world = World()
        #expect(
            world.core.shutdownForecast(giveUp: .zero) == ShutdownForecast(groups: [], giveUp: .zero, longest: .zero))
        world.shutdown(giveUp: .zero)
        world.runToTheEnd()
        world.finish()
    }
}
