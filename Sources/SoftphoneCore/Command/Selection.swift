/// Which calls to end.
package enum Selection: Hashable, Sendable {
    /// The named one; nil: the only one there is.
    case one(UsageName?)
    case all
}
