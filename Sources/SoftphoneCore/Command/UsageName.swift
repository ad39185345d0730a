/// How somebody names a usage: `c1` given by `as`, `cis-4` given by us, or for a registration its account's name.
package struct UsageName: Hashable, Sendable, CustomStringConvertible {
    package var text: String
    package init(_ text: String) { self.text = text }
    package var description: String { text }
}
