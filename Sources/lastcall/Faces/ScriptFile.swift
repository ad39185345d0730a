import BatchScript

/// What the command line asks for and cannot be done.
struct UsageFault: Error, CustomStringConvertible {
    var description: String
}

/// The script of `--batch`.
enum ScriptFile {
    static let largest = 4 << 20

    /// - Parameter path: `-` is standard input, read to its end and checked whole before anything is sent.
    static func load(_ path: String, environment: [String: String], hasSandbox: Bool) throws -> Script {
        let contents: FileContents
        do throws(SystemError) {
            contents = try FileContents.read(path, atMost: largest)
        } catch {
            throw UsageFault(description: "\(path) cannot be read: \(error.reason)")
        }
        return try Script.parse(
            contents.text, file: path == "-" ? "standard input" : path, environment: environment,
            facts: Script.Facts(hasSandbox: hasSandbox))
    }
}
