import SDP
import SansIO
import Testing

/// Descriptions as peers write them, with CRLF put at the end of every line.
enum Text {
    static func bytes(_ lines: String...) -> [UInt8] { Array(lines.map { $0 + "\r\n" }.joined().utf8) }

    static func description(_ media: String..., session: String = "c=IN IP4 192.0.2.1") throws -> SessionDescription {
        let head = "v=0\r\no=alice 2890844526 7 IN IP4 192.0.2.1\r\ns=-\r\n\(session)\r\nt=0 0\r\n"
        return try SessionDescription(parsing: Array((head + media.map { $0 + "\r\n" }.joined()).utf8))
    }
}

extension SessionDescription {
    var text: String { String(decoding: serialised(), as: UTF8.self) }
    var textLines: [String] { text.split(separator: "\r\n").map(String.init) }
}

let here = SocketAddress(.v4(0xC633_6407), port: 40_000)  // 198.51.100.7
