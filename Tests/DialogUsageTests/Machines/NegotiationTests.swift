import DialogUsage
import SIPMessage
import Testing

@Suite("Offer and answer in one dialog (RFC 3264, RFC 6337 §2)")
struct NegotiationMachineTests {
    private func after(_ inputs: Negotiation.Input...) -> Negotiation {
        var negotiation = Negotiation()
        for input in inputs { _ = negotiation.handle(input) }
        return negotiation
    }

    @Test(
        "Each way to exchange offer and answer ends in agreement (RFC 6337 §2.2, RFC 3311 §5)",
        arguments: [
            // 1. INVITE, 2xx   2. INVITE without, 2xx, ACK   3. INVITE, reliable 1xx   4. INVITE without, reliable 1xx, PRACK
            [.weOffered, .described(.success)], [.described(.success), .weAnswered],
            [.weOffered, .described(.reliableProvisional)], [.described(.reliableProvisional), .weAnswered],
            // The same, seen from the called side.
            [.described(.request), .weAnswered], [.weOffered, .described(.acknowledgement)],
            [.weOffered, .described(.prack)],
            // 5. PRACK, 2xx   6. UPDATE, 2xx, after an agreement
            [.weOffered, .described(.success), .described(.prack), .weAnswered],
            [.weOffered, .described(.success), .described(.request), .weAnswered],
            [.weOffered, .described(.success), .weOffered, .described(.success)],
            // Shown in an unreliable response, then repeated, or not.
            [.weOffered, .described(.unreliableProvisional), .described(.success)],
            [.weOffered, .described(.unreliableProvisional), .silent(.success)],
        ] as [[Negotiation.Input]])
    func patterns(inputs: [Negotiation.Input]) {
        var negotiation = Negotiation()
        for input in inputs { _ = negotiation.handle(input) }
        #expect(negotiation.state == .agreed)
    }

    @Test("The first answer counts, whatever else comes for the same offer (RFC 3261 §13.2.1)")
    func firstAnswer() {
        var negotiation = after(.weOffered)
        #expect(negotiation.handle(.described(.unreliableProvisional)) == [.takeAnswer])
        #expect(negotiation.handle(.described(.unreliableProvisional)) == [])
        #expect(negotiation.handle(.described(.success)) == [])
        #expect(negotiation.handle(.described(.success)) == [])
    }

    @Test("Two offers at once: 491 while ours is out, 500 while the peer's is (RFC 3311 §5.2)")
    func glare() {
        var ours = after(.weOffered, .described(.success), .weOffered)
        #expect(ours.handle(.described(.request)) == [.refuse(491)])
        #expect(ours.state == .offeredByUs(.agreement))
        var theirs = after(.described(.request))
        #expect(theirs.handle(.described(.request)) == [.refuse(500)])
        #expect(theirs.state == .offeredByPeer(.nothing))
    }

    @Test("A refused offer leads back to what stood before (RFC 3261 §14.1)")
    func withdrawn() {
        #expect(after(.weOffered, .withdrawn).state == .nothing)
        #expect(after(.weOffered, .described(.success), .weOffered, .withdrawn).state == .agreed)
        #expect(after(.described(.request), .withdrawn).state == .nothing)
        #expect(after(.described(.request), .weAnswered, .described(.request), .withdrawn).state == .agreed)
    }

    @Test("What was due and did not come is missed (RFC 3261 §13.2.1, §13.2.2.4)")
    func missing() {
        var offered = after(.weOffered)
        #expect(offered.handle(.silent(.success)) == [.missing])
        #expect(offered.handle(.silent(.acknowledgement)) == [.missing])
        #expect(offered.handle(.silent(.prack)) == [.missing])
        #expect(offered.handle(.silent(.reliableProvisional)) == [])
        var nothing = after()
        #expect(nothing.handle(.silent(.success)) == [.missing])
    }

    @Test("An offer cannot come in an unreliable response, nor in an ACK (RFC 3261 §13.2.1)")
    func noOffer() {
        var negotiation = after()
        #expect(negotiation.handle(.described(.unreliableProvisional)) == [])
        #expect(negotiation.handle(.described(.acknowledgement)) == [])
        #expect(negotiation.state == .nothing)
    }
}
