import BatchScript

/// What the command line asks for and cannot be done.
struct UsageFault: Error, CustomStringConvertible {
    var description: String
}

/// The script of `--batch`, with the files that it names.
enum ScriptFile {
    static let largest = 4 << 20

    /// - Parameter path: `-` is standard input, read to its end and checked whole before anything is sent.
    static func load(_ path: String, _ options: Options, environment: [String: String]) throws -> Script {
        let text: String
        do throws(SystemError) {
            text = try FileContents.read(path, atMost: largest).text
        } catch {
            throw UsageFault(description: "\(path) cannot be read: \(error.reason)")
        }
        var sources = ScriptSources(text, file: path == "-" ? "standard input" : path)
        while let file = sources.missing {
            do throws(SystemError) {
                sources.add(try FileContents.read(file, atMost: largest).text, file: file)
            } catch {
                sources.add(complaint: error.reason, file: file)
            }
        }
        return try Script.parse(
            sources, environment: environment,
            facts: Script.Facts(
                hasSandbox: options.sandbox, version: Options.version, allowsFaults: options.script.allowFaults,
                checksNames: true))
    }
}
