import Glibc

/// `lastcall --import SOURCE [PATH]`: YAML on standard output, what was not carried over on standard error.
enum ImportFiles {
    private static let largest = 4 << 20

    static func read(_ source: Import.Source, path: String?, environment: [String: String]) throws(UsageFault) -> Import
    {
        guard let path = path ?? environment["HOME"].map({ "\($0)/\(source.usual)" }) else {
            throw UsageFault(description: "there is no HOME; say where the files are: --import \(source.rawValue) PATH")
        }
        var imported = Import()
        switch source {
        case .baresip: imported.readBaresip(accounts: try text(of: path), file: path)
        case .baresipContacts: imported.readBaresip(contacts: try text(of: path), file: path)
        case .twinkleContacts: imported.readTwinkle(contacts: try text(of: path), file: path)
        case .twinkle:
            for file in try profiles(path) {
                let name = file.split(separator: "/").last.map(String.init) ?? file
                let profile = name.hasSuffix(".cfg") ? String(name.dropLast(4)) : name
                imported.readTwinkle(profile: profile, try text(of: file), file: file)
            }
        }
        return imported
    }

    /// A profile, or all of a folder in the order of their names.
    private static func profiles(_ path: String) throws(UsageFault) -> [String] {
        guard let folder = opendir(path) else {
            guard errno == ENOTDIR else {
                throw UsageFault(description: "\(path) cannot be read: \(SystemError.last.reason)")
            }
            return [path]
        }
        defer { closedir(folder) }
        var files: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name.hasSuffix(".cfg") { files.append("\(path)/\(name)") }
        }
        guard !files.isEmpty else { throw UsageFault(description: "\(path) has no profile NAME.cfg") }
        return files.sorted()
    }

    private static func text(of path: String) throws(UsageFault) -> String {
        do throws(SystemError) {
            return try FileContents.read(path, atMost: largest).text
        } catch {
            throw UsageFault(description: "\(path) cannot be read: \(error.reason)")
        }
    }
}
