package import SIPMessage

/// What this user agent can do: what it says in Allow, Supported and Accept, and what it lets in. Whoever teaches it a
/// method or an extension adds it here, and nowhere else.
package struct Features: Hashable, Sendable {
    /// What the core understands by itself, in the order of Allow.
    static let methods: [Method] = [
        .invite, .ack, .cancel, .bye, .prack, .update, .options, .message, .subscribe, .notify, .info, .refer,
    ]
    /// Of these, what only makes sense in a dialog or has one made for it: outside one there is no such thing (481).
    static let dialogMethods: Set<Method> = [.bye, .notify, .info, .prack, .update]
    /// Of these, what outside a dialog is the application's, if it serves it.
    static let applicationMethods: Set<Method> = [.message, .register, .publish]
    /// The option tags of the extensions that are implemented (RFC 3261 §19.2).
    static let extensions = ["norefersub", "replaces"]
    /// Two can be switched off: this (RFC 3262), and `timer` (RFC 4028).
    static let reliableProvisionals = "100rel"
    /// Those that only a registrar knows, in REGISTER (RFC 3327 §5.3).
    static let registrarExtensions = ["path"]
    /// What the core reads itself; a method that is not here has its bodies judged by whoever processes it.
    static let bodies: [Method: [String]] = [
        .invite: ["application/sdp"], .options: ["application/sdp"], .prack: ["application/sdp"],
        .update: ["application/sdp"], .info: ["application/dtmf-relay", "application/dtmf"],
    ]
    /// Bodies in several parts are taken apart (RFC 5621 §3.1).
    static let multipart = ["multipart/mixed", "multipart/alternative"]
    static let encoding = "identity"

    /// Everything understood, in a dialog or outside.
    package let methods: [Method]
    private let served: Set<Method>
    package let extensions: [String]
    private let registrarExtensions: [String]
    package let bodies: [Method: [String]]
    /// Languages of bodies; empty: a person reads them, so any will do.
    package let languages: [String]
    package let eventPackages: [String]
    /// What Allow and Supported say.
    package let allow: String
    package let supported: String

    package init(_ configuration: UserAgentConfiguration) {
        var served = configuration.servedMethods
        if configuration.registrar != nil { served.insert(.register) }
        if configuration.compositor != nil { served.insert(.publish) }
        self.served = served
        let more = served.subtracting(Self.methods).map(\.description).sorted()
        methods = Self.methods + more.map { Method($0) }
        extensions =
            (configuration.reliableProvisionals == .off ? [] : [Self.reliableProvisionals]) + Self.extensions
            + (configuration.sessionTimer == nil ? [] : [SessionTimer.optionTag])
        registrarExtensions = configuration.registrar == nil ? [] : Self.registrarExtensions
        bodies = Self.bodies.merging(configuration.servedBodies) { own, application in own + application }
        languages = configuration.languages
        eventPackages = configuration.notifierPackages.sorted()
        allow = methods.map(\.description).joined(separator: ", ")
        supported = extensions.joined(separator: ", ")
    }

    package var acceptLanguage: String { languages.isEmpty ? "*" : languages.joined(separator: ", ") }

    /// What a body of this method may be; with nil, of any.
    package func accept(in method: Method? = nil) -> String {
        var types: [String] = []
        for method in method.map({ [$0] }) ?? methods {
            for type in bodies[method] ?? [] where !types.contains(type) { types.append(type) }
        }
        return (types + Self.multipart).joined(separator: ", ")
    }

    /// Whether a request of this method is processed at all, in a dialog or outside.
    package func understands(_ method: Method, inDialog: Bool) -> Bool {
        if served.contains(method) { return true }
        guard methods.contains(method) else { return false }
        return inDialog || !Self.applicationMethods.contains(method)
    }

    /// Whether a request of this method may require it.
    package func knows(option: String, in method: Method) -> Bool {
        extensions.contains(option) || method == .register && registrarExtensions.contains(option)
    }

    /// Says so in a request of ours: Supported in each (RFC 3261 §8.1.1.9), Allow and Accept where a session may come
    /// of it (§13.2.1).
    package func announce(in request: inout RequestDraft) {
        guard request.method != .ack, request.method != .cancel else { return }
        if !extensions.isEmpty { request.fields.set(.supported, supported) }
        switch request.method {
        case .invite, .update:
            request.fields.set(.allow, allow)
            request.fields.set(.accept, accept(in: request.method))
        case .register:
            request.fields.set(.allow, allow)
            // A proxy may put itself on the way back to us (RFC 3327 §5.1).
            request.fields.set(.supported, (extensions + Self.registrarExtensions).joined(separator: ", "))
        case .options:
            request.fields.set(.accept, accept(in: .invite))
        case .ack, .bye, .cancel, .subscribe, .notify, .publish, .message, .refer, .prack, .info, .other:
            break
        }
    }

    /// Says so in an answer of ours: Allow and Supported in a 2xx to INVITE (§13.3.1.4), everything in one to OPTIONS
    /// (§11.2).
    package func announce(in response: inout ResponseDraft, to method: Method) {
        guard response.status.isSuccess else { return }
        switch method {
        case .invite, .update:
            response.fields.set(.allow, allow)
            if !extensions.isEmpty { response.fields.set(.supported, supported) }
        case .options:
            response.fields.set(.allow, allow)
            response.fields.set(.supported, supported)
            response.fields.set(.accept, accept())
            response.fields.set(.acceptEncoding, Self.encoding)
            response.fields.set(.acceptLanguage, acceptLanguage)
            if !eventPackages.isEmpty { response.fields.set(.allowEvents, eventPackages.joined(separator: ", ")) }
        case .ack, .bye, .cancel, .register, .subscribe, .notify, .publish, .message, .refer, .prack, .info, .other:
            break
        }
    }
}
