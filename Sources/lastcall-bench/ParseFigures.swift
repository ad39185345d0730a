import Glibc
import Runtime
import SIPMessage
import SansIO

/// `parse read N FILE…`: parses each file N times and reads its core fields, so that other tools can count what that
/// costs. `parse write` writes each message again as well. `parse rate N FILE…` prints messages per second on one core.
enum ParseFigures {
    static func run(_ arguments: [String]) throws {
        guard arguments.count >= 3, let rounds = Int(arguments[1]), rounds > 0 else { throw BenchError.usage }
        let messages = try arguments.dropFirst(2).map(read)
        switch arguments[0] {
        case "read":
            let (fields, checksum) = try parse(messages, rounds: rounds)
            print("\(messages.count * rounds) messages, \(fields) fields, checksum \(checksum)")
        case "write":
            let (fields, checksum) = try parse(messages, rounds: rounds, writing: true)
            print("\(messages.count * rounds) messages, \(fields) fields, checksum \(checksum)")
        case "rate":
            _ = try parse(messages, rounds: min(rounds, 1000))
            var rates: [Double] = []
            for _ in 0..<5 {
                let start = MonotonicClock.now()
                _ = try parse(messages, rounds: rounds)
                rates.append(Double(messages.count * rounds) / (MonotonicClock.now() - start).inSeconds)
            }
            print("parse_rate \(Int(rates.sorted()[2])) messages/s")
        default: throw BenchError.usage
        }
    }

    private static func parse(
        _ messages: [[UInt8]], rounds: Int, writing: Bool = false
    ) throws -> (fields: Int, checksum: UInt64) {
        var fields = 0
        var checksum: UInt64 = 0
        for _ in 0..<rounds {
            for bytes in messages {
                let message = try SIPMessage(parsing: bytes)
                let core = try message.coreFields()
                fields += core.count
                checksum = checksum &* 31 &+ (writing ? UInt64(message.reserialised().count) : core.checksum)
            }
        }
        return (fields, checksum)
    }

    private static func read(_ path: String) throws -> [UInt8] {
        guard let file = fopen(path, "r") else { throw BenchError.unreadable(path, String(cString: strerror(errno))) }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = fread(&buffer, 1, buffer.count, file)
            if count == 0 { return bytes }
            bytes += buffer[..<count]
        }
    }
}
