import Glibc

/// Where the configuration of this run is.
struct ConfigurationFile {
    /// A file that is larger is not a configuration.
    static let largest = 1 << 20

    /// nil: there is no place for one, as where there is no HOME, or none is wanted.
    let path: String?
    /// Somebody asked for this one, so that it must be there.
    private let isNamed: Bool

    /// - Parameters:
    ///   - named: what `--config` says: a file, or the folder that holds `config.yaml`; without it the usual place is
    ///     looked at, and may be empty.
    ///   - isEphemeral: nobody looks at the usual place.
    init(_ named: String?, isEphemeral: Bool = false, environment: [String: String]) {
        isNamed = named != nil
        if let named {
            path = Self.isFolder(named) ? "\(named)/config.yaml" : named
        } else {
            path = isEphemeral ? nil : BaseDirectory.configuration.path(of: "config.yaml", environment)
        }
    }

    func load() throws(ConfigurationErrors) -> Configuration {
        guard let path, let contents = try Self.contents(of: path, mayBeMissing: !isNamed) else {
            return Configuration()
        }
        let configuration = try ConfigurationReader(file: path).read(contents.text)
        if configuration.holdsPassword, contents.mode & 0o077 != 0 {
            throw ConfigurationErrors(
                file: path,
                "holds a password and others may read it; 'chmod 600 \(path)' helps, or use password_command")
        }
        return configuration
    }

    /// Whether there is a file to read.
    var exists: Bool { path.map { access($0, F_OK) == 0 } ?? false }

    /// nil: there is none, and need not be.
    static func contents(of path: String, mayBeMissing: Bool) throws(ConfigurationErrors) -> FileContents? {
        do throws(SystemError) {
            return try FileContents.read(path, atMost: largest)
        } catch {
            if mayBeMissing, error.code == ENOENT { return nil }
            throw ConfigurationErrors(file: path, "cannot be read: \(error.reason)")
        }
    }

    private static func isFolder(_ path: String) -> Bool {
        var facts = stat()
        return stat(path, &facts) == 0 && facts.st_mode & S_IFMT == S_IFDIR
    }
}
