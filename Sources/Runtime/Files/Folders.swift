import Glibc

/// Folders of our own, such as those of the XDG base directories.
package enum Folders {
    /// Makes those that a file needs, for its user alone. What cannot be made is said by whoever opens the file.
    package static func make(for file: String) {
        for slash in file.indices.dropFirst() where file[slash] == "/" { mkdir(String(file[..<slash]), 0o700) }
    }
}
