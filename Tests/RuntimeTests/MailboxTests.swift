import Testing

@testable import Runtime

@Suite("Mailbox")
struct MailboxTests {
    @Test("The owner is woken once for all that comes before it looks, and finds it in order")
    func wakesOnce() {
        let box = Mailbox<Int>(capacity: 10)
        var woken = 0
        #expect(box.post([1, 2]) { woken += 1 } == 2)
        #expect(box.post([3]) { woken += 1 } == 3)
        #expect(woken == 1 && box.takeAll() == [1, 2, 3] && box.takeAll().isEmpty)
        #expect(box.post([4]) { woken += 1 } == 1)
        #expect(woken == 2)
    }

    @Test("A full box keeps nothing more, except what must not get lost; a shut one keeps nothing and wakes nobody")
    func limits() {
        let box = Mailbox<Int>(capacity: 2)
        #expect(box.post([1, 2]) {} == 2 && box.post([3]) {} == nil)
        #expect(box.post([4], evenIfFull: true) {} == 3 && box.takeAll() == [1, 2, 4])
        box.shut()
        var woken = false
        #expect(box.post([5], evenIfFull: true) { woken = true } == nil && !woken && box.takeAll().isEmpty)
    }
}
