import SansIO

/// A session description (RFC 8866): what somebody is ready to send and receive, and where.
///
/// What this program does not use is kept as it came and written back in its place.
package struct SessionDescription: Hashable, Sendable {
    private struct Content: Hashable, Sendable {
        var origin: Origin
        var lines: [SDPLine]
        var media: [MediaDescription]
    }
    /// A call keeps several of them, and hands them on.
    private var content: Boxed<Content>

    package var origin: Origin {
        _read { yield content.value.origin }
        _modify { yield &content.value.origin }
    }
    /// The lines between `o=` and the first `m=`, in order: `s=`, `c=`, `t=`, attributes and all others.
    package var lines: [SDPLine] {
        _read { yield content.value.lines }
        _modify { yield &content.value.lines }
    }
    package var media: [MediaDescription] {
        _read { yield content.value.media }
        _modify { yield &content.value.media }
    }

    package init(origin: Origin, lines: [SDPLine], media: [MediaDescription] = []) {
        content = Boxed(Content(origin: origin, lines: lines, media: media))
    }

    package static func == (a: SessionDescription, b: SessionDescription) -> Bool { a.content.value == b.content.value }
    package func hash(into hasher: inout Hasher) { hasher.combine(content.value) }

    package var name: String { lines.first("s")?.text ?? "-" }
    package var connection: Connection? { lines.first("c").flatMap { Connection(parsing: $0.value) } }

    /// What counts for a section: its own `c=`, else that of the session (RFC 8866 §5.7).
    package func connection(of section: MediaDescription) -> Connection? { section.connection ?? connection }

    /// The section's own direction, else that of the session, else both ways (RFC 8866 §6.7).
    package func direction(of section: MediaDescription) -> MediaDirection {
        if let own = section.ownDirection { return own }
        let ofSession = MediaDescription(kind: "", port: 0, transport: "", formats: [], lines: lines).ownDirection
        return ofSession ?? .sendReceive
    }

    package func serialised() -> [UInt8] {
        var bytes = Array("v=0\r\no=\(origin.text)\r\n".utf8)
        let write = { (line: SDPLine) in
            bytes += [line.letter, UInt8(ascii: "=")]
            bytes += line.value
            bytes += [13, 10]
        }
        lines.forEach(write)
        for section in media {
            write(SDPLine("m", section.text))
            section.lines.forEach(write)
        }
        return bytes
    }
}
