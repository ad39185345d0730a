import Foundation
import Glibc
import Testing

@testable import lastcall

@Suite("Who reads our output slowly")
struct SlowReaderTests {
    @Test("A descriptor that somebody has made non-blocking loses no line when it is full")
    func nonBlocking() throws {
        let (ours, counted) = (Pipe(), Pipe())
        let reader = Process()
        reader.executableURL = URL(filePath: "/bin/sh")
        // The pipe is full long before anybody reads.
        reader.arguments = ["-c", "sleep 0.3; wc -c"]
        reader.standardInput = ours
        reader.standardOutput = counted
        try reader.run()
        let descriptor = ours.fileHandleForWriting.fileDescriptor
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
        let text = String(repeating: "0123456789abcde\n", count: 1 << 16)
        OutputFiles.write(text, to: descriptor)
        try ours.fileHandleForWriting.close()
        let count = String(decoding: counted.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        reader.waitUntilExit()
        #expect(count == "\(text.utf8.count)\n")
    }
}
