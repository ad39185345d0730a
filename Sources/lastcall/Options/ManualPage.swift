import ArgumentParser
import TerminalUI

/// `Sources/Manual/lastcall.1`: the options from their own declaration, commands and keys from the table.
enum ManualPage {
    static var text: String {
        let help = Options.helpMessage(columns: 78).split(separator: "\n", omittingEmptySubsequences: false)
        let options = help.drop { !$0.hasPrefix("OPTIONS:") }.dropFirst().map { CommandsPage.roff(String($0)) }
        let usage = help.drop { !$0.hasPrefix("USAGE:") }.prefix { !$0.isEmpty && !$0.hasPrefix("OPTIONS:") }
            .map { CommandsPage.roff($0.replacing("USAGE: ", with: "").drop { $0 == " " }.description) }
        let head = """
            .\\" Made from the options and the command table by scripts/docs; a test fails when they differ.
            .TH LASTCALL 1 "" "lastcall \(Options.version)" "User Commands"
            .SH NAME
            lastcall \\- \(CommandsPage.roff(Options.configuration.abstract))
            .SH SYNOPSIS
            .nf
            \(usage.joined(separator: "\n"))
            .fi
            .SH DESCRIPTION
            \(CommandsPage.roff(Options.configuration.discussion))
            .SH OPTIONS
            .nf
            \(options.joined(separator: "\n"))
            .fi

            """
        return head + CommandsPage.manual + ConfigurationPage.manual + doctor + files
    }

    private static let doctor = """
        .SH DOCTOR
        .B lastcall doctor
        [\\-\\-json] [\\-\\-config path] [\\-\\-sandbox]
        .PP
        \(CommandsPage.roff(DoctorOptions.configuration.discussion))

        """

    private static let files = """
        .SH FILES
        .TP
        .I $XDG_CONFIG_HOME/lastcall/config.yaml
        The configuration.
        .TP
        .I $XDG_STATE_HOME/lastcall/receipt.jsonl
        What the last run ended and what it had to leave behind.
        .TP
        .I $XDG_CONFIG_HOME/lastcall/contacts.yaml
        Those whom you call by a name.
        .TP
        .I $XDG_DATA_HOME/lastcall/history.jsonl
        The calls there were, a JSON record each, the newest last.
        .TP
        .I $XDG_DATA_HOME/lastcall/recordings/
        Recordings that nobody has named a file for.

        """
}
