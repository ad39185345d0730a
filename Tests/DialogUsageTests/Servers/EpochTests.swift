import DialogUsage
import SansIO
import Testing

@Suite("Dates are said and read without a clock (RFC 3261 §20.17)")
struct EpochTests {
    private static let dates: [(Int64, String)] = [
        (0, "Thu, 01 Jan 1970 00:00:00 GMT"), (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"),
        (1_289_690_940, "Sat, 13 Nov 2010 23:29:00 GMT"), (4_107_542_399, "Sun, 28 Feb 2100 23:59:59 GMT"),
        (4_107_542_400, "Mon, 01 Mar 2100 00:00:00 GMT"),
    ]

    @Test("Said, and read again", arguments: dates)
    func both(seconds: Int64, text: String) {
        #expect(Epoch(seconds: seconds).date(at: .zero) == text)
        #expect(Epoch(seconds: seconds).instant(of: text) == .zero)
        #expect(Epoch(seconds: seconds - 90).date(at: .zero + .seconds(90)) == text)
        #expect(Epoch(seconds: seconds - 90).instant(of: text) == .zero + .seconds(90))
    }

    @Test(
        "What is no date of SIP is none",
        arguments: [
            "", "now", "Sat, 13 Nov 2010 23:29:00 CET", "Sat, 13 Nov 2010 24:29:00 GMT",
            "Sat, 13 Foo 2010 23:29:00 GMT",
            "Sat, 00 Nov 2010 23:29:00 GMT", "Sat, 13 Nov 99 23:29:00 GMT", "Sat, 13 Nov 1969 23:29:00 GMT",
            "Sat, 13 Nov 2010 23:29 GMT", "Sat, -1 Nov 2010 23:29:00 GMT", "Sat, 13 Nov 2010 23:29:00:00 GMT",
            "13 Nov 2010 23:29:00 GMT",
        ])
    func none(text: String) { #expect(Epoch(seconds: 0).instant(of: text) == nil) }
}
