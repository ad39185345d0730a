import SDP
import SansIO

/// Session descriptions in text (RFC 8866), for programs that bring their own media.
public enum SessionText {
    /// An offer of one audio stream: G.711 and telephone events, at an address and port where you listen. Throws
    /// `.malformed` for what is no IP address.
    public static func audioOffer(address: String, port: UInt16) throws(ManagerError) -> String {
        let description = SessionDescription.offer(at: try socket(address, port), sessionID: sessionID(port))
        return String(decoding: description.serialised(), as: UTF8.self)
    }

    /// The answer to an offer (RFC 3264 §6): what both can do, at your address; other streams are refused. Throws
    /// `.malformed` where the offer cannot be read, and `.notNow` where nothing in it can be accepted.
    public static func audioAnswer(to offer: String, address: String, port: UInt16) throws(ManagerError) -> String {
        let parsed: SessionDescription
        do {
            parsed = try SessionDescription(parsing: Array(offer.utf8))
        } catch {
            throw .malformed("the session description cannot be read: \(error)")
        }
        do {
            let answer = try SessionDescription.answer(
                to: parsed, at: try socket(address, port), sessionID: sessionID(port))
            return String(decoding: answer.serialised(), as: UTF8.self)
        } catch let error as ManagerError {
            throw error
        } catch {
            throw .notNow("nothing in the offer can be accepted: \(error)")
        }
    }

    private static func socket(_ address: String, _ port: UInt16) throws(ManagerError) -> SocketAddress {
        guard let ip = IPAddress(address) else { throw .malformed("\(visible(address)) is not an IP address") }
        return SocketAddress(ip, port: port)
    }
    /// Unique enough beside the address, which is what RFC 8866 §5.2 asks for.
    private static func sessionID(_ port: UInt16) -> UInt64 { UInt64(port) << 16 | 1 }
}
