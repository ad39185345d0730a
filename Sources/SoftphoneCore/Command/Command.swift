package import DialogUsage
package import SDP
package import SIPMessage
package import SansIO

/// Everything a user can ask for. A key, the prompt and a line of a script all become one of these; nothing can be done
/// from one face that cannot be done from the other.
package enum Command: Hashable, Sendable {
    case addAccount(AccountSettings)
    case useAccount(String)
    /// `forGood`: out of the configuration too.
    case removeAccount(String, forGood: Bool = false)
    /// Puts an account that was added into the configuration.
    case saveAccount(String?)
    case addContact(String, Peer)
    case removeContact(String)
    /// The configuration is read again.
    case reload

    /// `contacts`: bound beside our own, in place of those that the account has; `preference`: where our own stands.
    case register(
        account: String?, expires: Duration?, contacts: [RegisteredContact] = [], preference: QValue? = nil,
        alias: String?)
    case unregister(UsageName?)
    /// What the registrar has bound, other devices' contacts included.
    case fetchBindings(account: String?)
    /// Removes bindings that an earlier run has left.
    case reap(account: String?)

    case call(Peer, CallOptions, Naming)
    case answer(UsageName?, CallOptions, alias: String?)
    case ring(UsageName?, StatusCode)
    /// `phrase`: in place of the usual words behind the status.
    case reject(UsageName?, StatusCode, phrase: String? = nil)
    /// Of a call that nobody has answered yet.
    case cancel(UsageName?)
    case hangUp(Selection, reason: String?)
    case hold(UsageName?)
    case resume(UsageName?)
    case mute(UsageName?)
    case unmute(UsageName?)
    case dtmf(UsageName?, digits: String, DigitPath, DigitTiming = DigitTiming())
    /// Sends the caller elsewhere (302).
    case redirect(UsageName?, Peer)
    /// All calls that stand when none is named.
    case conference([UsageName])
    case split(UsageName?)
    /// Both sides, into a WAV file; nil: one named after the time and the call.
    case record(UsageName?, file: String?)
    /// Of what is played, too.
    case stopRecording(UsageName?)
    /// A WAV file, again and again, in place of the microphone.
    case play(UsageName?, file: String)
    /// Agree again about a call; empty: with the codecs that there are.
    case renew(UsageName?, SessionModification.Way, codecs: [AudioCodec])
    case transfer(UsageName, TransferDestination)
    case acceptTransfer(UsageName?)
    case denyTransfer(UsageName?)
    case setTransfers(TransferPolicy)

    case message(Peer, text: String, contentType: String, Naming)
    case subscribe(event: String, Peer, expires: Duration, accept: String?, Naming)
    case unsubscribe(UsageName?)
    /// Registrations and subscriptions.
    case refresh(UsageName?)
    case publish(PublishedState, expires: Duration, Naming)
    case unpublish(UsageName?)
    case options(Peer, Naming)

    case fault(SandboxFault)
    case shutdown(ShutdownRequest)
    /// What a graceful shutdown would do, without doing it.
    case planShutdown(giveUp: Duration?, order: ShutdownPlan?)
    case adjust(Adjustment)
}
