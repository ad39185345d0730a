package import DialogUsage
package import SIPMessage

/// What became of a command: said exactly once for each.
package enum CommandResult: Hashable, Sendable {
    case succeeded(Success)
    case failed(CommandFailure)

    package struct Success: Hashable, Sendable {
        package var usage: AnyUsageID?
        package var status: StatusCode?
        /// For people: "active", "BYE 200".
        package var text: String
        /// What `shutdown plan` found out.
        package var forecast: ShutdownForecast?

        package init(
            usage: AnyUsageID? = nil, status: StatusCode? = nil, text: String, forecast: ShutdownForecast? = nil
        ) {
            self.usage = usage
            self.status = status
            self.text = text
            self.forecast = forecast
        }
    }
}

/// Why a command did not lead to what it is for.
package struct CommandFailure: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Kind: Hashable, Sendable {
        /// A final answer that is no success.
        case refused(StatusCode)
        /// 401 or 407 to the credentials we have, or 403 after they were sent.
        case credentials(StatusCode)
        /// Nobody answered in time.
        case noAnswer
        /// Transport, name or connection failure.
        case transport
        /// The usage is in a state in which this cannot be done, or it ended before it was done.
        case notNow
        /// No usage or account of that name; or no name was given and there are two.
        case noSuch
        case shuttingDown
        case needsAccount
        case needsSandbox
        case media
        case limit
    }
    package var kind: Kind
    package var usage: AnyUsageID?
    /// What is wrong and what helps.
    package var text: String

    package init(_ kind: Kind, usage: AnyUsageID? = nil, _ text: String) {
        self.kind = kind
        self.usage = usage
        self.text = text
    }
    package var description: String { text }

    /// The status that the peer gave, where it gave one.
    package var status: StatusCode? {
        switch kind {
        case .refused(let status), .credentials(let status): status
        case .noAnswer, .transport, .notNow, .noSuch, .shuttingDown, .needsAccount, .needsSandbox, .media, .limit: nil
        }
    }
}
