/// Where our files are by convention (XDG base directories).
enum BaseDirectory: String {
    case configuration = "XDG_CONFIG_HOME"
    case data = "XDG_DATA_HOME"
    case state = "XDG_STATE_HOME"

    private var inHome: String {
        switch self {
        case .configuration: ".config"
        case .data: ".local/share"
        case .state: ".local/state"
        }
    }

    /// The path of ours with this name; nil: the system has no place for it, as where there is no HOME. A relative path in
    /// a variable counts as none, as the convention has it.
    func path(of name: String, _ environment: [String: String]) -> String? {
        if let folder = environment[rawValue], folder.hasPrefix("/") { return "\(folder)/lastcall/\(name)" }
        guard let home = environment["HOME"], home.hasPrefix("/") else { return nil }
        return "\(home)/\(inHome)/lastcall/\(name)"
    }
}
