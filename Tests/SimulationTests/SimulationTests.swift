import SansIO
import Simulation
import Testing

@Suite("Simulation: random commands, faults and shutdowns (shutdown.md, sections 7, 8 and 11)")
struct SimulationTests {
    @Test("112. Five hundred seeds: every rule holds in each", arguments: 0..<10 as Range<UInt64>)
    func seeds(block: UInt64) {
        for seed in (block * 50)..<(block * 50 + 50) {
            let outcome = Simulation.run(seed: seed)
            #expect(outcome.violations.isEmpty, "seed \(seed): \(outcome.violations.first ?? "")")
            #expect(outcome.shutdowns + outcome.crashes >= 2 && outcome.messages > 0)
        }
    }

    @Test("A seed gives the same run each time, to the last line")
    func repeatable() {
        let (first, second) = (Simulation.run(seed: 7, recording: true), Simulation.run(seed: 7, recording: true))
        #expect(first.ladder == second.ladder)
        #expect(!first.ladder.isEmpty)
        #expect(Simulation.run(seed: 8, recording: true).ladder != first.ladder)
    }

    @Test("A rule broken on purpose is caught", arguments: Plant.allCases)
    func plants(plant: Plant) {
        let caught = (1...200 as ClosedRange<UInt64>).contains {
            !Simulation.run(seed: $0, plant: plant).violations.isEmpty
        }
        #expect(caught, "\(plant.rawValue) went unnoticed")
    }
}

@Suite("Model check (shutdown.md, section 11, 112)")
struct ModelTests {
    @Test(
        "112. In every state that is reached: end, shutdown, force and their pairs, in a silent, an answering and a slow world"
    )
    func everyState() {
        let survey = Survey.run(seeds: 1..<31)
        #expect(survey.failures.isEmpty, "\(survey.failures.first ?? "")")
        #expect(survey.places.count > 40)
    }
}
