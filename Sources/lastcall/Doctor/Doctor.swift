import BatchScript
import CursesTerminal
import DialogUsage
import Glibc
import Runtime
import SIPMessage
import SansIO
import SoftphoneCore

/// `lastcall doctor`: one check after the other, each with its verdict and what to do.
struct Doctor {
    private let options: Options
    private let environment: [String: String]
    private let report: (Finding) -> Void
    private var exit = ExitCode.success

    init(_ options: Options, environment: [String: String], report: @escaping (Finding) -> Void) {
        self.options = options
        self.environment = environment
        self.report = report
    }

    /// - Returns: the code of the first thing that is wrong.
    mutating func examine() -> ExitCode {
        let configuration = examineConfiguration()
        examineFiles()
        examineTerminal()
        if let configuration { examineNetwork(configuration) }
        return exit
    }

    private mutating func tell(_ finding: Finding) {
        if exit == .success { exit = finding.exit }
        report(finding)
    }

    // MARK: Here

    private mutating func examineConfiguration() -> Configuration? {
        let subject = "configuration"
        do throws(ConfigurationErrors) {
            let file = options.configurationFile(environment)
            let configuration = try options.configuration(environment)
            let count = configuration.accounts.count
            if options.sandbox {
                tell(.good(subject, "not heeded: the sandbox has its own account"))
            } else if count == 0 {
                tell(
                    .doubtful(
                        subject, "there is no account" + (file.exists ? " in \(file.path ?? "")" : ""),
                        "lastcall --default-config shows how one is written, and :account add makes one"))
            } else {
                tell(.good(subject, "\(file.path ?? ""): \(count == 1 ? "one account" : "\(count) accounts")"))
            }
            return configuration
        } catch {
            for fault in error.all {
                tell(.bad(subject, fault.description, "mend that; --check-config looks again", .configuration))
            }
            return nil
        }
    }

    /// The places where something is kept.
    private mutating func examineFiles() {
        for base in [BaseDirectory.configuration, .data, .state] {
            if let value = environment[base.rawValue], !value.isEmpty, !value.hasPrefix("/") {
                tell(
                    .doubtful(
                        "files", "\(base.rawValue)=\(value) is no absolute path, and counts as none",
                        "write it from / on, or leave it out"))
            }
        }
        let places = [BaseDirectory.configuration, .data, .state].compactMap { $0.path(of: "", environment) }
        guard !places.isEmpty else {
            return tell(
                .doubtful("files", "there is no HOME, so that nothing is kept", "set HOME, or the XDG_… variables"))
        }
        let closed = places.filter { !Self.isWritable($0) }
        guard closed.isEmpty else {
            return tell(
                .doubtful(
                    "files", "nothing can be written to \(closed.joined(separator: " and "))",
                    "make it yours: contacts, history and receipts are not kept as it is"))
        }
        tell(.good("files", "can be kept in \(places.joined(separator: ", "))"))
    }

    /// It is, or the nearest folder above it that there is is.
    private static func isWritable(_ path: String) -> Bool {
        var folder = path.hasSuffix("/") ? String(path.dropLast()) : path
        while !folder.isEmpty, access(folder, F_OK) != 0 {
            folder = folder.lastIndex(of: "/").map { String(folder[..<$0]) } ?? ""
        }
        return access(folder.isEmpty ? "/" : folder, W_OK) == 0
    }

    private mutating func examineTerminal() {
        let name = environment["TERM"] ?? ""
        guard isatty(STDOUT_FILENO) == 1 else {
            return tell(.good("terminal", "there is none; --linear and --batch need none"))
        }
        guard Terminal.canPosition else {
            return tell(
                .doubtful(
                    "terminal", "'\(name)' can place no cursor, so that there are lines instead of a screen",
                    "set TERM to what the terminal is, such as xterm-256color"))
        }
        var size = winsize()
        _ = ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size)
        if size.ws_col < 60 || size.ws_row < 16 {
            return tell(
                .doubtful(
                    "terminal", "\(name), \(size.ws_col)×\(size.ws_row): too small for all screens",
                    "60×16 is enough, 120×30 shows everything"))
        }
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].compactMap { environment[$0] }.first { !$0.isEmpty } ?? ""
        guard locale.lowercased().replacing("-", with: "").contains("utf8") else {
            return tell(
                .doubtful(
                    "terminal", "the locale '\(locale)' is not UTF-8: lines and names are drawn in ASCII",
                    "set LANG to a UTF-8 locale, such as C.UTF-8"))
        }
        tell(.good("terminal", "\(name), \(size.ws_col)×\(size.ws_row), \(locale)"))
    }

    // MARK: The network

    private mutating func examineNetwork(_ configuration: Configuration) {
        let accounts: [Account]
        do throws(ConfigurationError) {
            accounts = options.sandbox ? [] : try UserAccounts.accounts(of: configuration)
        } catch {
            return tell(
                .bad("password", error.description, "run that program yourself and see what it says", .configuration))
        }
        do {
            var probe = try NetworkProbe(options, configuration, accounts: accounts)
            tell(.good("ports", "UDP and TCP can be listened to, here on \(probe.port)"))
            for account in probe.accounts { for finding in probe.ask(account) { tell(finding) } }
            probe.end()
        } catch {
            tell(.bad("ports", "\(error)", "see who has them: ss -lunpt", .transport))
        }
    }
}
