/// What is heard in a call instead of the microphone, and where what is heard is written.
package struct CallOptions: Hashable, Sendable {
    package var play: String?
    package var record: String?

    package init(play: String? = nil, record: String? = nil) {
        self.play = play
        self.record = record
    }
}
