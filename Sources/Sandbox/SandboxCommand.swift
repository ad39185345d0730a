package import DialogUsage
package import Media
package import SansIO

/// What the sandbox can be told.
package enum SandboxCommand: Sendable {
    case fault(SandboxFault, token: UInt64)
    case media(MediaEvent)
    /// Everything ends at once: the user's own manager is down already.
    case stop
}

/// What the sandbox says.
package enum SandboxEvent: Sendable {
    case faultApplied(token: UInt64)
    case media(MediaCommand)
    case stopped(ManagerCensus)
}
