/// What the user wants to find again at the next start. Whoever hosts the softphone puts it into his files.
package enum Keeping: Hashable, Sendable {
    case account(AccountSettings)
    case accountRemoval(String)
    case contact(Contact)
    case contactRemoval(String)
}

/// What became of it.
package enum Kept: Hashable, Sendable {
    case inFile(String)
    /// There is no file to put it into, as with a sandbox: it holds until we leave.
    case forThisRun
    /// Why not, and what helps.
    case failed(String)
}
