import NIOCore
import SansIO

/// One stream connection, as the loop keeps it.
struct Flow {
    enum Stage {
        case connecting
        case open
        /// The machine has closed it: written bytes are still delivered, nothing is said of it any more.
        case closing
    }
    var stage: Stage
    /// nil until the connection stands.
    var channel: (any Channel)?
    /// What was written in this turn, or before the connection stood.
    var outgoing = ByteBuffer()

    /// More than this waiting for a peer that does not read, and the connection is given up.
    static let mostWaiting = 4 << 20
    static let connectTimeout = TimeAmount.seconds(10)
    /// How long a closed connection may take to deliver its last bytes and to see the peer's end.
    static let lingering = TimeAmount.seconds(2)
    /// Connections that peers may have open to us. The machine says which of its connections it can miss when there are too
    /// many for it; this is more than it keeps, because those that it has closed take a while to go.
    static let mostAccepted = 128
    /// A peer whose machine has gone without a word is found out by TCP itself: asked after a silence of so many seconds,
    /// so often, so many seconds apart.
    static let keepAlive: (silence: Int, interval: Int, count: Int) = (silence: 60, interval: 15, count: 4)
}
