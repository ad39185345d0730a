import CursesTerminal
import DialogUsage
import SansIO
import SoftphoneCore
import Testing

@testable import lastcall

@Suite("What waits for a terminal that stands still")
struct TerminalInboxTests {
    private func name(_ news: TerminalNews) -> String {
        switch news {
        case .event(.changed): "changed"
        case .event(.happened(let happening)): happening.name
        case .event(.completed): "completed"
        case .event(.stopped): "stopped"
        case .event: "another"
        case .dropped(let count): "dropped \(count)"
        case .configuration: "configuration"
        case .finished: "finished"
        }
    }

    @Test(
        "That something has changed waits once; too many events are counted; answers and the end are never lost (H-121)"
    )
    func bounded() throws {
        let inbox = TerminalInbox(try TerminalBell(), most: 3)
        for number in 1...5 {
            inbox.post(.event(.changed))
            inbox.post(.event(.happened(Happening("\(number)", at: .zero))))
            inbox.post(.event(.completed(RequestID(serial: UInt64(number)), .succeeded(.init(text: "")))))
        }
        inbox.post(.event(.stopped(.empty(.graceful))))
        inbox.post(.finished)
        let told = inbox.takeAll().map(name)
        #expect(told.filter { $0 == "changed" }.count == 1)
        #expect(told.filter { $0 == "completed" }.count == 5)
        #expect(told.filter { ["1", "2", "3", "4", "5"].contains($0) } == ["1", "2", "3"])
        #expect(told.suffix(3) == ["stopped", "dropped 2", "finished"])
        #expect(inbox.takeAll().isEmpty)
        inbox.post(.event(.changed))
        inbox.post(.event(.happened(Happening("6", at: .zero))))
        #expect(inbox.takeAll().map(name) == ["changed", "6"])
    }
}
