import DialogUsage

extension CommandSpec {
    package static let all: [CommandSpec] = accounts + contacts + calls + messages + presence + sandbox + shutdown

    private static let naming = [
        CommandOption("as", Parameter("NAME", .newName)), CommandOption("on", Parameter("ACCOUNT", .account)),
    ]
    private static let expires = CommandOption("expires", Parameter("DURATION", .duration))
    private static let giveUp = CommandOption("giveup", Parameter("DURATION", .duration))
    private static let audio = [
        CommandOption("play", Parameter("FILE", .path)), CommandOption("record", Parameter("FILE", .path)),
    ]
    private static let codec = CommandOption("codec", Parameter("CODEC,CODEC", .text))
    /// How the state that `publish` takes stands in its grammar.
    static let stateName = "open|closed|busy|away|on-the-phone|\"NOTE\""
    private static let calling: Set<UsageKind> = [.serverInviteSession, .clientInviteSession]
    private static let call = Parameter("CALL", .usage(calling), isOptional: true)

    private static let contacts = [
        CommandSpec(
            .contactAdd, "contact add", [Parameter("NAME", .newName), Parameter("URI", .peer)],
            does: "Keep somebody under a name that can be called; one of that name gets the new address",
            in: .contacts, example: "contact add bob sip:bob@example.com"),
        CommandSpec(
            .contactRemove, "contact remove", [Parameter("CONTACT", .contact)], does: "Forget a contact", in: .contacts,
            example: "contact remove bob"),
        CommandSpec(
            .reload, "reload", does: "Read the configuration again; no call ends by it", in: .contacts,
            example: "reload"),
    ]

    private static let accounts = [
        CommandSpec(
            .accountAdd, "account add", [Parameter("NAME", .newName), Parameter("sip:USER@DOMAIN", .sipURI)],
            options: [
                CommandOption("server", Parameter("URI", .sipURI)), CommandOption("login", Parameter("USER", .text)),
                CommandOption("password", Parameter("PASSWORD", .text)),
                CommandOption("realm", Parameter("REALM", .text)),
                expires,
            ],
            does: "Add an account; the first one is the current one", in: .accounts,
            example: "account add work sip:alice@example.com server sip:proxy.example.com login alice password secret"),
        CommandSpec(
            .accountUse, "account use", [Parameter("ACCOUNT", .account)], does: "Make an account the current one",
            in: .accounts,
            example: "account use work"),
        CommandSpec(
            .accountRemove, "account remove", [Parameter("ACCOUNT", .account)], options: [CommandOption("for-good")],
            does: "Forget an account; for-good: on disk too",
            in: .accounts,
            example: "account remove work for-good"),
        CommandSpec(
            .accountSave, "account save", [Parameter("ACCOUNT", .account, isOptional: true)],
            does: "Keep an added account in the configuration", in: .accounts, example: "account save work"),
        CommandSpec(
            .register, "register", [Parameter("ACCOUNT", .account, isOptional: true)],
            options: [
                expires, CommandOption("contact", Parameter("CONTACT", .text), isRepeatable: true),
                CommandOption("q", Parameter("PREFERENCE", .text)), naming[0], naming[1],
            ], key: "r", does: "Register, so that others can reach us", in: .accounts,
            example: "register work expires 10m contact \"<sip:voicemail@example.com>;q=0.1\""),
        CommandSpec(
            .unregister, "unregister", [Parameter("ACCOUNT", .usage([.clientRegistration]), isOptional: true)],
            key: "R",
            does: "Remove our registration", in: .accounts, example: "unregister work"),
        CommandSpec(
            .fetchBindings, "fetch bindings", [Parameter("ACCOUNT", .account, isOptional: true)],
            does: "Ask what is registered for an account", in: .accounts, example: "fetch bindings work"),
        CommandSpec(
            .reap, "reap", [Parameter("ACCOUNT", .account, isOptional: true)],
            does: "Remove what an earlier run has left registered", in: .accounts, example: "reap work"),
    ]

    private static let calls = [
        CommandSpec(
            .call, "call", [Parameter("URI", .peer)],
            options: naming + audio + [
                codec, CommandOption("header", Parameter("FIELD", .text), isRepeatable: true),
            ], key: "c", does: "Start a call",
            in: .calls,
            example: "call sip:bob@example.com as c1 play hello.wav record out.wav"),
        CommandSpec(
            .answer, "answer", [call], options: [naming[0]] + audio, key: "a", does: "Answer a call that rings here",
            in: .calls,
            example: "answer sis-1 as c2"),
        CommandSpec(
            .ring, "ring", [call, Parameter("180|183", .status, isOptional: true)],
            does: "Tell the caller that it rings",
            in: .calls, example: "ring sis-1 180"),
        CommandSpec(
            .reject, "reject",
            [
                call, Parameter("STATUS", .status, isOptional: true),
                Parameter("\"PHRASE\"", .text, isOptional: true),
            ], key: "b",
            does: "Refuse a call that rings here", in: .calls, example: "reject sis-1 486 \"At lunch\""),
        CommandSpec(
            .hangUp, "hangup",
            [Parameter("CALL|all", .usage(calling), isOptional: true), Parameter("REASON", .text, isOptional: true)],
            key: "x", function: 9, does: "End, cancel or decline a call", in: .calls, example: "hangup c1 \"lunch\""),
        CommandSpec(
            .cancel, "cancel", [call], does: "Give up a call that nobody has answered yet", in: .calls,
            example: "cancel c1"),
        CommandSpec(.hold, "hold", [call], key: "H", does: "Put a call on hold", in: .calls, example: "hold c1"),
        CommandSpec(
            .resume, "resume", [call], key: "U", does: "Take a call from hold", in: .calls, example: "resume c1"),
        CommandSpec(.mute, "mute", [call], key: "m", does: "Send silence", in: .calls, example: "mute c1"),
        CommandSpec(
            .unmute, "unmute", [call], key: "M", does: "Send what the microphone hears again", in: .calls,
            example: "unmute c1"),
        CommandSpec(
            .dtmf, "dtmf", [call, Parameter("DIGITS", .digits)],
            options: [
                CommandOption("via", Parameter("rtp|info", .choice(["rtp", "info"]))),
                CommandOption("duration", Parameter("DURATION", .duration)),
                CommandOption("gap", Parameter("DURATION", .duration)),
            ], key: "d",
            does: "Send digits in a call", in: .calls, example: "dtmf c1 42# via rtp"),
        CommandSpec(
            .redirect, "redirect", [call, Parameter("URI", .peer)], does: "Send a caller to somebody else",
            in: .calls, example: "redirect sis-1 sip:bob@example.com"),
        CommandSpec(
            .conference, "conference", [Parameter("CALL", .usage(calling), isOptional: true, isRepeated: true)],
            key: "C", does: "Let the peers of calls hear each other: of all calls, unless some are named", in: .calls,
            example: "conference c1 c2"),
        CommandSpec(
            .split, "split", [call], does: "Take a call out of its conference", in: .calls, example: "split c1"),
        CommandSpec(
            .record, "record", [call, Parameter("FILE", .path, isOptional: true)], key: "W",
            does: "Write both sides of a call to a WAV file", in: .calls, example: "record c1 out.wav"),
        CommandSpec(
            .play, "play", [call, Parameter("FILE", .path)],
            does: "Let the peer of a call hear a WAV file, again and again", in: .calls, example: "play c1 hello.wav"),
        CommandSpec(
            .stop, "stop", [call], does: "End what is recorded and what is played in a call", in: .calls,
            example: "stop c1"),
        CommandSpec(
            .reinvite, "reinvite", [call], options: [codec], does: "Agree again about the audio of a call (re-INVITE)",
            in: .calls, example: "reinvite c1 codec PCMA"),
        CommandSpec(
            .update, "update", [call], options: [codec], does: "Agree again about the audio of a call (UPDATE)",
            in: .calls, example: "update c1"),
        CommandSpec(
            .transfer, "transfer", [Parameter("CALL", .usage(calling)), Parameter("URI", .peer, isOptional: true)],
            options: [CommandOption("to", Parameter("CALL", .usage(calling)))], key: "t",
            does: "Let the peer of a call talk to somebody else, or to the peer of another call", in: .calls,
            example: "transfer c1 to c2"),
        CommandSpec(
            .transferAttended, "transfer attended",
            [Parameter("CALL", .usage(calling)), Parameter("OTHER", .usage(calling))], key: "T",
            does: "Let the peers of two calls talk to each other", in: .calls, example: "transfer attended c1 c2"),
        CommandSpec(
            .acceptTransfer, "accept transfer", [Parameter("REQUEST", .usage([.serverSubscription]), isOptional: true)],
            key: "y",
            does: "Call whom we are asked to call", in: .calls, example: "accept transfer ssub-1"),
        CommandSpec(
            .denyTransfer, "deny transfer", [Parameter("REQUEST", .usage([.serverSubscription]), isOptional: true)],
            key: "n",
            does: "Do not", in: .calls, example: "deny transfer ssub-1"),
        CommandSpec(
            .transfers, "transfers",
            [Parameter("ask|accept|decline", .choice(TransferPolicy.allCases.map(\.rawValue)))],
            does: "What to do when we are asked to call somebody", in: .calls, example: "transfers accept"),
        CommandSpec(
            .options, "options", [Parameter("URI", .peer)], options: naming, key: "o", does: "Ask what somebody can do",
            in: .calls,
            example: "options sip:bob@example.com"),
    ]

    private static let messages = [
        CommandSpec(
            .message, "message", [Parameter("URI", .peer), Parameter("\"TEXT\"", .text)],
            options: [CommandOption("type", Parameter("TYPE", .text))] + naming, key: "i", does: "Send a message",
            in: .messages,
            example: "message sip:bob@example.com \"see you at noon\"")
    ]

    private static let presence = [
        CommandSpec(
            .subscribe, "subscribe", [Parameter("EVENT", .event), Parameter("URI", .peer)],
            options: [expires, CommandOption("accept", Parameter("TYPE", .text))] + naming, key: "s",
            does: "Watch somebody's presence or another event", in: .presence,
            example: "subscribe presence sip:bob@example.com as s1 expires 10m"),
        CommandSpec(
            .unsubscribe, "unsubscribe", [Parameter("SUBSCRIPTION", .usage([.clientSubscription]), isOptional: true)],
            key: "S",
            does: "Stop watching", in: .presence, example: "unsubscribe s1"),
        CommandSpec(
            .refresh, "refresh",
            [Parameter("USAGE", .usage([.clientRegistration, .clientSubscription]), isOptional: true)], key: "f",
            does: "Renew a registration or a subscription now", in: .presence, example: "refresh s1"),
        CommandSpec(
            .publish, "publish",
            [
                Parameter("presence", .choice(["presence"]), isOptional: true),
                Parameter(stateName, .presence),
            ],
            options: [expires] + naming, key: "p", does: "Tell those who watch us how we are", in: .presence,
            example: "publish presence busy as me"),
        CommandSpec(
            .unpublish, "unpublish", [Parameter("PUBLICATION", .usage([.clientPublication]), isOptional: true)],
            key: "P",
            does: "Take back what we published", in: .presence, example: "unpublish me"),
    ]

    private static let sandbox = [
        CommandSpec(
            .faultCrash, "fault crash", [Parameter("presence", .choice(["presence"]))],
            does: "Crash the presence server: it answers nothing any more", in: .sandbox,
            example: "fault crash presence"),
        CommandSpec(
            .faultRestart, "fault restart", [Parameter("presence", .choice(["presence"]))],
            does: "Start it again; it has forgotten everything", in: .sandbox, example: "fault restart presence"),
        CommandSpec(
            .faultSilence, "fault silence", does: "The whole domain stops answering", in: .sandbox,
            example: "fault silence"),
        CommandSpec(
            .faultRefuse, "fault refuse", [Parameter("METHOD", .method), Parameter("STATUS", .status)],
            does: "Every request of a method is refused", in: .sandbox, example: "fault refuse PUBLISH 503"),
        CommandSpec(
            .faultLose, "fault lose", [Parameter("SHARE%", .percentage)], does: "Some datagrams are lost, both ways",
            in: .sandbox,
            example: "fault lose 30%"),
        CommandSpec(.faultClear, "fault clear", does: "End all faults", in: .sandbox, example: "fault clear"),
    ]

    private static let shutdown = [
        CommandSpec(
            .shutdown, "shutdown", options: [giveUp], key: "Q", function: 10,
            does: "End everything in order, then leave",
            in: .shutdown,
            example: "shutdown giveup 5s"),
        CommandSpec(
            .shutdownGraceful, "shutdown graceful",
            options: [giveUp, CommandOption("order", Parameter("GROUP,GROUP…", .groups))],
            does: "The same; order puts groups first", in: .shutdown,
            example: "shutdown graceful giveup 5s order ClientPublication,ClientSubscription"),
        CommandSpec(
            .shutdownPlan, "shutdown plan",
            options: [giveUp, CommandOption("order", Parameter("GROUP,GROUP…", .groups))],
            does: "What shutdown would end, in which order, and how long it could take; nothing is ended",
            in: .shutdown, example: "shutdown plan giveup 5s"),
        CommandSpec(
            .shutdownIfIdle, "shutdown if-idle",
            options: [CommandOption("calls"), giveUp, CommandOption("or-refuse")], key: "I",
            does: "Leave when nothing is alive any more; calls: when no call or message is", in: .shutdown,
            example: "shutdown if-idle calls giveup 1m"),
        CommandSpec(
            .shutdownForce, "shutdown force", options: [CommandOption("best-effort")], key: "!",
            does: "Leave now; best-effort says goodbye once", in: .shutdown, example: "shutdown force best-effort"),
        CommandSpec(
            .shutdownExtend, "shutdown extend", [Parameter("DURATION", .duration)], key: "+", does: "Wait longer",
            in: .shutdown,
            example: "shutdown extend 10s"),
        CommandSpec(
            .shutdownWait, "shutdown wait", does: "Wait without a deadline", in: .shutdown, example: "shutdown wait"),
        CommandSpec(
            .shutdownSkip, "shutdown skip", [Parameter("USAGE", .usage(), isOptional: true)],
            does: "Wait for this usage no longer", in: .shutdown, example: "shutdown skip s1"),
        CommandSpec(
            .shutdownSkipGroup, "shutdown skip-group", does: "Wait for this group no longer", in: .shutdown,
            example: "shutdown skip-group"),
        CommandSpec(
            .shutdownCancel, "shutdown cancel", does: "Stay, while nothing has been ended", in: .shutdown,
            example: "shutdown cancel"),
    ]
}
