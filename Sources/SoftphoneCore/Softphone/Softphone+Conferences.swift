import DialogUsage
import Media
import SDP
import SIPMessage
import SansIO

/// Calls whose peers hear each other: the audio thread mixes them, and nobody is told by SIP.
extension Softphone {
    /// Calls that we have put on hold are resumed, and the command is done when the last of them is.
    mutating func confer(_ names: [UsageName], _ request: RequestID, at now: Instant) throws(CommandFailure) {
        var ids: [AnyUsageID] = []
        for name in names { ids.append(try call(name, "in a conference") { $0.isConnected }) }
        if names.isEmpty { ids = core.usages.map(\.id).filter { calls[$0]?.isConnected == true } }
        guard ids.count > 1 else {
            throw CommandFailure(.noSuch, "a conference needs two calls that are connected; call somebody else too")
        }
        if let busy = ids.first(where: { calls[$0]?.change != Call.Change.none }) {
            throw CommandFailure(
                .notNow, usage: busy, "a change of \(self.names[busy] ?? busy.description) is under way")
        }
        let number = ids.compactMap { calls[$0]?.conference }.first ?? newConference
        let gone = Set(ids.compactMap { calls[$0]?.conference }).subtracting([number])
        for id in ids { calls[id]?.conference = number }
        for other in gone { settle(other) }
        settle(number)
        let held = ids.filter { calls[$0]?.isHeld == true }
        for id in held { try resume(id, for: request, at: now) }
        happened("call.conference", ids[0], fields: ["calls": .text(list(of: conferees(in: number)))], at: now)
        if held.isEmpty { joined(request, number) }
    }

    private mutating func resume(_ id: AnyUsageID, for request: RequestID, at now: Instant) throws(CommandFailure) {
        guard let call = calls[id], let address = call.audio?.address, let ours = call.audio?.local else { return }
        let offer = ours.nextOffer(at: address, direction: .sendReceive)
        do throws(UsageError) {
            let outputs = try core.offer(call.session, offer, at: now)
            calls[id]?.change = .resuming
            calls[id]?.audio?.proposed = offer
            waiting.add(request, .joined, for: id)
            absorb(outputs, at: now)
        } catch {
            waiting.drop(request)
            throw CommandFailure(error)
        }
    }

    /// A held call of a conference has been resumed.
    mutating func resumedForConference(_ id: AnyUsageID) {
        for request in waiting.take(.joined, of: id) {
            if !waiting.isWaited(for: .joined, by: request), let number = calls[id]?.conference {
                joined(request, number)
            }
        }
    }
    private mutating func joined(_ request: RequestID, _ number: Int) {
        succeed(request, text: "talking together: \(list(of: conferees(in: number)))")
    }

    mutating func split(_ name: UsageName?, _ request: RequestID, at now: Instant) throws(CommandFailure) {
        let id = try call(name, "split off") { $0.conference != nil && !$0.isEnding }
        leaveConference(id)
        happened("call.split", id, at: now)
        succeed(request, usage: id, text: "\(names[id] ?? id.description) is by itself again")
    }

    private mutating func leaveConference(_ id: AnyUsageID) {
        guard let number = calls[id]?.conference else { return }
        calls[id]?.conference = nil
        tellPlan(id)
        settle(number)
    }
    /// One of its calls is over.
    mutating func conferenceShrank(_ others: [AnyUsageID]) {
        if let number = others.compactMap({ calls[$0]?.conference }).first { settle(number) }
    }

    /// Everybody left is told whom to hear; somebody alone has no conference.
    private mutating func settle(_ number: Int) {
        let left = conferees(in: number)
        if left.count == 1 { calls[left[0]]?.conference = nil }
        for id in left { tellPlan(id) }
    }

    private func conferees(in number: Int) -> [AnyUsageID] {
        calls.filter { $0.value.conference == number }.map(\.key)
            .sorted { ($0.kind.prefix, $0.serial) < ($1.kind.prefix, $1.serial) }
    }
    /// The other calls of a call's conference.
    func conferees(of id: AnyUsageID) -> [AnyUsageID] {
        calls[id]?.conference.map { conferees(in: $0).filter { $0 != id } } ?? []
    }
    private var newConference: Int { (calls.values.compactMap(\.conference).max() ?? 0) + 1 }
    private func list(of ids: [AnyUsageID]) -> String {
        ids.map { names[$0] ?? $0.description }.joined(separator: ", ")
    }
}
