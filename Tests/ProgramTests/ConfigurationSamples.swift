/// Configurations that are read, and such as are refused, for the reader and for the schema.
enum ConfigurationSamples {
    struct Refused: Sendable {
        var text: String
        var place: String
        var remedy: String
        /// A schema can say that this is wrong.
        var isBySchema = true
    }

    static let accepted = [
        "accounts: []", "accounts:\nkeys:\n# none\nterminal:\n",
        "accounts:\n  - {name: a, address: 'sip:a@b.c'}",
        "accounts:\n  - {name: a, address: SIPS:a@b.c, login: 1000, password: 0123, realm: the office, expires: 600}",
        "accounts:\n  - {name: a-1_b.c, address: 'sip:a@b.c', password_command: [pass, show, 7], server: 'sip:x:5070;lr'}",
        "accounts:\n  - {name: a, address: 'sip:a@b.c', contacts: [\"<sip:v@e.f>;q=0.1\", sip:d@e.f], q: 0.125}",
        "accounts:\n  - {name: a, address: 'sip:a@b.c', q: 1}\n  - {name: b, address: 'sip:a@b.c', q: \"0.5\"}",
        "terminal: {color: never, glyphs: ascii, theme: high-contrast}",
        "shutdown: {give_up: 250ms}", "shutdown: {give_up: 1.5s}", "shutdown: {give_up: 2m}", "shutdown: {give_up: 3}",
        "keys: {hangup: X, call: none, down: [Down, F12], group-1: 9, account use: ctrl-t, open: alt-x, first: '\"'}",
    ]

    static let refused: [Refused] = [
        Refused(text: "acounts: []", place: "config.yaml:1:1: ", remedy: "did you mean 'accounts'"),
        Refused(
            text: "accounts:\n  - name: a\n    adress: sip:a@b.c",
            place: "config.yaml:2:5: an account has no 'address'",
            remedy: "config.yaml:3:5: an account has no key 'adress'; did you mean 'address'"),
        Refused(
            text: "accounts:\n  - name: a\n    address: sip:b.c", place: "config.yaml:3:14: ", remedy: "has no user"),
        Refused(
            text: "accounts:\n  - name: a\n    address: http://a@b.c", place: "config.yaml:3:14: ",
            remedy: "no SIP address"),
        Refused(text: "accounts:\n  - name: a", place: "config.yaml:2:5: ", remedy: "has no 'address'"),
        Refused(
            text: "accounts:\n  - {name: a, address: 'sip:a@b.c'}\n  - {name: a, address: 'sip:a@b.c'}",
            place: "config.yaml:3:5: ", remedy: "two accounts 'a'", isBySchema: false),
        Refused(
            text: "accounts:\n  - name: a\n    address: sip:a@b.c\n    contacts: [sip:d@e.f;q=7]",
            place: "config.yaml:4:16: ", remedy: "is no contact", isBySchema: false),
        Refused(
            text: "accounts:\n  - name: a\n    address: sip:a@b.c\n    contacts: []",
            place: "config.yaml:4:15: ", remedy: "is a list"),
        Refused(
            text: "accounts:\n  - name: a\n    address: sip:a@b.c\n    q: high", place: "config.yaml:4:8: ",
            remedy: "no preference"),
        Refused(
            text: "accounts:\n  - name: a\n    address: sip:a@b.c\n    q: 1.5", place: "config.yaml:4:8: ",
            remedy: "no preference"),
        Refused(
            text: "accounts:\n  - name: a\n    address: sip:a@b.c\n    password: x\n    password_command: [y]",
            place: "config.yaml:5:5: ", remedy: "exclude each other"),
        Refused(
            text: "accounts:\n  - name: a\n    address: sip:a@b.c\n    password_command: pass show x",
            place: "config.yaml:4:23: ", remedy: "is a list"),
        Refused(
            text: "accounts:\n  - name: a\n    address: sip:a@b.c\n    login: ~", place: "config.yaml:4:12: ",
            remedy: "single value"),
        Refused(
            text: "accounts:\n  - name: a\n    address: sip:a@b.c\n    login: [a]", place: "config.yaml:4:12: ",
            remedy: "single value"),
        Refused(text: "shutdown:\n  give_up: soon", place: "config.yaml:2:12: ", remedy: "no duration"),
        Refused(text: "shutdown:\n  give_up: 3d", place: "config.yaml:2:12: ", remedy: "no duration"),
        Refused(text: "terminal:\n  color: alway", place: "config.yaml:2:10: ", remedy: "did you mean 'always'"),
        Refused(text: "accounts: x", place: "config.yaml:1:11: ", remedy: "is a list"),
        Refused(text: "terminal:\n  color: [a", place: "config.yaml:", remedy: "no YAML", isBySchema: false),
        Refused(
            text: "terminal:\n  color: auto\n  color: never", place: "config.yaml:", remedy: "no YAML",
            isBySchema: false),
        Refused(text: "keys:\n  hangupp: X", place: "config.yaml:2:3: ", remedy: "did you mean 'hangup'"),
        Refused(text: "keys:\n  hangup: PgDwn", place: "config.yaml:2:11: ", remedy: "did you mean 'PgDn'"),
        Refused(text: "keys:\n  hangup: ''", place: "config.yaml:2:11: ", remedy: "single value"),
        Refused(text: "keys:\n  hangup: []", place: "config.yaml:2:11: ", remedy: "single value"),
        Refused(text: "keys:\n  hangup: Ctrl-C", place: "config.yaml:2:11: ", remedy: "cannot be given away"),
        Refused(text: "keys:\n  hangup: [X, X]", place: "config.yaml:2:15: ", remedy: "twice"),
        Refused(
            text: "keys:\n  hangup: c", place: "config.yaml:2:3: ", remedy: "give 'call' another one here, or none",
            isBySchema: false),
        Refused(
            text: "keys:\n  hangup: X\n  down: X", place: "config.yaml:", remedy: "give one of them another one",
            isBySchema: false),
        Refused(text: "keys: x", place: "config.yaml:1:7: ", remedy: "hangup: X"),
        Refused(
            text: "accounts:\n  - name: a\u{0}b\n    address: sip:a@b.c", place: "config.yaml:", remedy: "no YAML",
            isBySchema: false),
        Refused(text: "terminal: {color: {auto: never}}", place: "config.yaml:1:", remedy: ""),
        Refused(text: "- accounts", place: "config.yaml:1:1: ", remedy: ""),
        Refused(text: "a: &a [*a]", place: "config.yaml:", remedy: "", isBySchema: false),
    ]
}
