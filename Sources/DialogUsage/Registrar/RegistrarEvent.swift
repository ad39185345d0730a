/// What happens at our registrar, for the application.
package enum RegistrarEvent: Hashable, Sendable {
    /// The application decides: `approve` or `reject`.
    case requested(UsageID<ServerRegistration>, RegistrationRequest)
    case added(AddressOfRecord, Binding)
    case refreshed(AddressOfRecord, Binding)
    case removed(AddressOfRecord, Binding)
    case queried(AddressOfRecord)
    case expired(AddressOfRecord, Binding)
}
