import Glibc
import SansIO

/// The configuration on disk.
enum ConfigurationFile {
    /// A file that is larger is not a configuration.
    static let largest = 1 << 20

    /// - Parameter path: what `--config` says; without it the usual place is looked at, and may be empty.
    static func load(_ path: String?, environment: [String: String]) throws(ConfigurationError) -> Configuration {
        let usual = BaseDirectory.configuration.path(of: "config.yaml", environment)
        guard let file = path ?? usual else { return Configuration() }
        let contents: FileContents
        do throws(SystemError) {
            contents = try FileContents.read(file, atMost: largest)
        } catch {
            if path == nil, error.code == ENOENT { return Configuration() }
            throw ConfigurationError(file: file, text: "cannot be read: \(error.reason)")
        }
        let configuration = try ConfigurationReader(file: file).read(contents.text)
        if configuration.holdsPassword, contents.mode & 0o077 != 0 {
            throw ConfigurationError(
                file: file,
                text: "holds a password and others may read it; 'chmod 600 \(file)' helps, or use password_command")
        }
        return configuration
    }
}
