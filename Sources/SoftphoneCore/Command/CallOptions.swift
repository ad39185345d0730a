package import SDP
package import SIPMessage

/// What is heard in a call instead of the microphone, and where what is heard is written.
package struct CallOptions: Hashable, Sendable {
    package var play: String?
    package var record: String?
    /// What we offer; nil: everything we have.
    package var codecs: [AudioCodec]?
    /// Fields of the INVITE beside ours.
    package var fields = FieldList()

    package init(play: String? = nil, record: String? = nil) {
        self.play = play
        self.record = record
    }
}
