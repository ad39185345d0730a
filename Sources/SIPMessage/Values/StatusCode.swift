/// The status of a response, 100 to 699 and nothing else (H-007).
package struct StatusCode: Hashable, Comparable, Sendable, ExpressibleByIntegerLiteral, CustomStringConvertible {
    package let value: UInt16

    package init?(exactly number: Int) {
        guard (100...699).contains(number) else { return nil }
        value = UInt16(number)
    }
    /// Only what stands in our own source comes this way.
    package init(integerLiteral number: UInt16) {
        precondition((100...699).contains(number), "no status code: \(number)")
        value = number
    }

    package var statusClass: Int { Int(value / 100) }
    package var isProvisional: Bool { value < 200 }
    package var isFinal: Bool { value >= 200 }
    package var isSuccess: Bool { statusClass == 2 }
    package var isRedirection: Bool { statusClass == 3 }

    package var description: String { "\(value)" }
    package static func < (a: StatusCode, b: StatusCode) -> Bool { a.value < b.value }

    /// The phrase of the registry; that of the class for a code which is not in it (RFC 3261 §8.1.3.2).
    package var defaultReason: String {
        Self.reasons[value] ?? Self.classes[statusClass - 1]
    }
    private static let classes = [
        "Trying", "OK", "Redirection", "Request Failure", "Server Failure", "Global Failure",
    ]

    private static let reasons: [UInt16: String] = [
        100: "Trying", 180: "Ringing", 181: "Call Is Being Forwarded", 182: "Queued", 183: "Session Progress",
        199: "Early Dialog Terminated", 200: "OK", 202: "Accepted", 204: "No Notification", 300: "Multiple Choices",
        301: "Moved Permanently", 302: "Moved Temporarily", 305: "Use Proxy", 380: "Alternative Service",
        400: "Bad Request", 401: "Unauthorized", 402: "Payment Required", 403: "Forbidden", 404: "Not Found",
        405: "Method Not Allowed", 406: "Not Acceptable", 407: "Proxy Authentication Required", 408: "Request Timeout",
        410: "Gone", 412: "Conditional Request Failed", 413: "Request Entity Too Large", 414: "Request-URI Too Long",
        415: "Unsupported Media Type", 416: "Unsupported URI Scheme", 420: "Bad Extension", 421: "Extension Required",
        422: "Session Interval Too Small", 423: "Interval Too Brief", 424: "Bad Location Information",
        428: "Use Identity Header", 429: "Provide Referrer Identity", 430: "Flow Failed", 433: "Anonymity Disallowed",
        439: "First Hop Lacks Outbound Support", 440: "Max-Breadth Exceeded", 469: "Bad Info Package",
        480: "Temporarily Unavailable", 481: "Call/Transaction Does Not Exist", 482: "Loop Detected",
        483: "Too Many Hops", 484: "Address Incomplete", 485: "Ambiguous", 486: "Busy Here", 487: "Request Terminated",
        488: "Not Acceptable Here", 489: "Bad Event", 491: "Request Pending", 493: "Undecipherable",
        494: "Security Agreement Required", 500: "Server Internal Error", 501: "Not Implemented", 502: "Bad Gateway",
        503: "Service Unavailable", 504: "Server Time-out", 505: "Version Not Supported", 513: "Message Too Large",
        580: "Precondition Failure", 600: "Busy Everywhere", 603: "Decline", 604: "Does Not Exist Anywhere",
        606: "Not Acceptable", 607: "Unwanted",
    ]
}
