import Glibc

/// What tests of good manners look at.
extension PseudoTerminal {
    /// Reads until the text has been written so often.
    func wait(for text: String, times: Int) throws {
        let start = time(nil)
        while output.ranges(of: text).count < times {
            guard read(within: 10_000), time(nil) - start < 60 else {
                throw Failure(description: "“\(text)” did not come \(times) times")
            }
        }
    }

    /// The window of the terminal has another size, which its programs are told with SIGWINCH.
    func resize(columns: UInt16, rows: UInt16) {
        var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(master, UInt(TIOCSWINSZ), &size)
    }

    /// Reads until nothing has come for a while.
    func settle() { while read(within: 400) {} }

    func bytesWritten(within milliseconds: Int) -> Int {
        let before = output.utf8.count
        let end = ContinuousClock.now + .milliseconds(milliseconds)
        while ContinuousClock.now < end { _ = read(within: 50) }
        return output.utf8.count - before
    }

    /// Whether the program's first thread waits in write(2), and goes on doing so.
    var isWriterStuck: Bool {
        for _ in 0..<10 {
            // The number of write(2), which is the same on no two architectures; but its first argument is 1.
            guard let call = contents(of: "/proc/\(process)/syscall"), call.split(separator: " ").count > 2,
                call.split(separator: " ")[1] == "0x1"
            else { return false }
            pause(10)
        }
        return true
    }

    /// Where the program listens on the loopback interface.
    var udpPorts: [UInt16] {
        let descriptors = (0..<256).compactMap { link("/proc/\(process)/fd/\($0)") }
        let sockets = Set(descriptors.filter { $0.hasPrefix("socket:[") }.map { $0.dropFirst(8).dropLast() })
        let table = contents(of: "/proc/net/udp")?.split(separator: "\n").dropFirst() ?? []
        return table.compactMap { line in
            let words = line.split(separator: " ")
            guard words.count > 9, sockets.contains(words[9]), words[1].hasPrefix("0100007F:") else { return nil }
            return UInt16(words[1].dropFirst(9), radix: 16)
        }
    }

    /// How long it takes until OPTIONS is answered; nil: a second was not enough.
    static func answerTime(toOptionsAt port: UInt16) -> Duration? {
        let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        let connected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0 else { return nil }
        let request = [
            "OPTIONS sip:somebody@127.0.0.1:\(port) SIP/2.0", "Via: SIP/2.0/UDP 127.0.0.1;rport;branch=z9hG4bKp\(port)",
            "From: <sip:tester@127.0.0.1>;tag=t", "To: <sip:somebody@127.0.0.1>", "Call-ID: patience-\(port)",
            "CSeq: 1 OPTIONS", "Max-Forwards: 70", "Content-Length: 0", "", "",
        ].joined(separator: "\r\n")
        let began = ContinuousClock.now
        let bytes = Array(request.utf8)
        guard Glibc.send(descriptor, bytes, bytes.count, 0) == bytes.count else { return nil }
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&entry, 1, 1_000) == 1 else { return nil }
        return ContinuousClock.now - began
    }

    /// Waits for the end, without reading what the program still writes.
    func waitForEndUnread() throws -> CInt {
        var status: CInt = 0
        for _ in 0..<1_000 {
            if waitpid(process, &status, WNOHANG) != 0 {
                return status & 0x7f == 0 ? (status >> 8) & 0xff : -(status & 0x7f)
            }
            pause(10)
        }
        kill(process, SIGKILL)
        waitpid(process, &status, 0)
        throw Failure(description: "it did not end")
    }

    private func pause(_ milliseconds: CInt) { poll(nil, 0, milliseconds) }

    private func contents(of path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var (all, chunk) = ([UInt8](), [UInt8](repeating: 0, count: 65_536))
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            guard count > 0 else { return String(decoding: all, as: UTF8.self) }
            all += chunk.prefix(count)
        }
    }
    private func link(_ path: String) -> String? {
        var target = [CChar](repeating: 0, count: 256)
        let count = readlink(path, &target, target.count - 1)
        return count > 0 ? String(decoding: target.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self) : nil
    }
}
