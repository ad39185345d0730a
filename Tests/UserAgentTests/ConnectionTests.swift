import Glibc
import Testing
import UserAgent

@Suite("Connections of others", .serialized)
struct ConnectionTests {
    /// A connection that says nothing of itself.
    private struct Connection {
        let descriptor: CInt

        init?(to port: UInt16) {
            descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
            let result = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
            guard result == 0 else {
                close(descriptor)
                return nil
            }
        }

        /// The first line that comes back within five seconds.
        func answer(to request: String) -> String {
            let bytes = Array(request.utf8)
            var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard send(descriptor, bytes, bytes.count, CInt(MSG_NOSIGNAL)) == bytes.count, poll(&waiting, 1, 5_000) == 1
            else { return "" }
            var answer = [UInt8](repeating: 0, count: 4_096)
            let count = recv(descriptor, &answer, answer.count, 0)
            return String(decoding: answer.prefix(max(0, count)).prefix { $0 != 13 }, as: UTF8.self)
        }
        func end() { close(descriptor) }
    }

    @Test("Whoever holds all connections that there are, and says nothing, keeps nobody out (H-038)")
    func held() async throws {
        let manager = DialogUsageManager()
        try manager.start()
        let port = try #require(manager.port)
        let held = (0..<100).compactMap { _ in Connection(to: port) }
        #expect(held.count == 100)
        let late = try #require(Connection(to: port))
        let request = [
            "OPTIONS sip:127.0.0.1:\(port) SIP/2.0", "Via: SIP/2.0/TCP 127.0.0.1:5099;branch=z9hG4bKlate",
            "From: <sip:late@127.0.0.1>;tag=l", "To: <sip:127.0.0.1>", "Call-ID: late", "CSeq: 1 OPTIONS",
            "Max-Forwards: 70", "Content-Length: 0", "", "",
        ].joined(separator: "\r\n")
        #expect(late.answer(to: request).hasPrefix("SIP/2.0 200"))
        late.end()
        for connection in held { connection.end() }
        _ = await manager.shutdown(giveUp: .seconds(1))
    }
}
