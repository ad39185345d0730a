import DialogUsage
import SDP
import SIPMessage
import SansIO

extension Command {
    /// Reads a line typed at the prompt.
    package static func parse(line: String) throws(CommandError) -> Command {
        try parse(words: ScriptLine.words(of: line))
    }

    /// Reads the words of a line: of a script, or of the prompt.
    package static func parse(words: [Word]) throws(CommandError) -> Command {
        let spec = try CommandSpec.matching(words)
        return try Command(Arguments(words, for: spec))
    }

    /// One row for each verb.
    private init(_ given: Arguments) throws(CommandError) {
        switch given.spec.verb {
        case .accountAdd: self = .addAccount(try given.accountSettings())
        case .accountUse: self = .useAccount(try given.required("ACCOUNT").text)
        case .accountRemove: self = .removeAccount(try given.required("ACCOUNT").text, forGood: given.has("for-good"))
        case .accountSave: self = .saveAccount(given.word("ACCOUNT")?.text)
        case .contactAdd:
            self = .addContact(try given.required("NAME").name(), try given.required("URI").peer())
        case .reload: self = .reload
        case .contactRemove: self = .removeContact(try given.required("CONTACT").text)
        case .register:
            let naming = try given.naming()
            let account = given.word("ACCOUNT")?.text ?? naming.account
            self = .register(
                account: account, expires: try given.duration("expires"), contacts: try given.contacts(),
                preference: try given.option("q")?.preference(), alias: naming.alias)
        case .unregister: self = .unregister(given.usage("ACCOUNT"))
        case .fetchBindings: self = .fetchBindings(account: given.word("ACCOUNT")?.text)
        case .reap: self = .reap(account: given.word("ACCOUNT")?.text)

        case .call: self = .call(try given.required("URI").peer(), try given.callOptions(), try given.naming())
        case .answer: self = .answer(given.usage("CALL"), try given.callOptions(), alias: try given.naming().alias)
        case .ring: self = .ring(given.usage("CALL"), try given.status("180|183", in: 180...183) ?? 180)
        case .reject:
            self = .reject(
                given.usage("CALL"), try given.status("STATUS", in: 300...699) ?? 486,
                phrase: try given.word("\"PHRASE\"")?.phrase())
        case .cancel: self = .cancel(given.usage("CALL"))
        case .play: self = .play(given.usage("CALL"), file: try given.required("FILE").text)
        case .reinvite: self = .renew(given.usage("CALL"), .reinvite, codecs: try given.codecs() ?? [])
        case .update: self = .renew(given.usage("CALL"), .update, codecs: try given.codecs() ?? [])
        case .redirect: self = .redirect(given.usage("CALL"), try given.required("URI").peer())
        case .conference: self = .conference(try given.conferees())
        case .split: self = .split(given.usage("CALL"))
        case .record: self = .record(given.usage("CALL"), file: given.word("FILE")?.text)
        case .stop: self = .stopRecording(given.usage("CALL"))
        case .hangUp: self = .hangUp(given.selection("CALL|all"), reason: given.word("REASON")?.text)
        case .hold: self = .hold(given.usage("CALL"))
        case .resume: self = .resume(given.usage("CALL"))
        case .mute: self = .mute(given.usage("CALL"))
        case .unmute: self = .unmute(given.usage("CALL"))
        case .dtmf:
            let timing = DigitTiming(duration: try given.duration("duration"), gap: try given.duration("gap"))
            self = .dtmf(
                given.usage("CALL"), digits: try given.required("DIGITS").digits(), try given.digitPath(), timing)
        case .transfer: self = .transfer(UsageName(try given.required("CALL").text), try given.destination())
        case .transferAttended:
            let other = UsageName(try given.required("OTHER").text)
            self = .transfer(UsageName(try given.required("CALL").text), .call(other))
        case .acceptTransfer: self = .acceptTransfer(given.usage("REQUEST"))
        case .denyTransfer: self = .denyTransfer(given.usage("REQUEST"))
        case .transfers:
            self = .setTransfers(TransferPolicy(rawValue: try given.required("ask|accept|decline").text) ?? .ask)
        case .options: self = .options(try given.required("URI").peer(), try given.naming())

        case .message:
            self = .message(
                try given.required("URI").peer(), text: try given.required("\"TEXT\"").text,
                contentType: try given.mediaType("type") ?? "text/plain;charset=UTF-8", try given.naming())
        case .subscribe:
            self = .subscribe(
                event: try given.required("EVENT").token(), try given.required("URI").peer(),
                expires: try given.duration("expires") ?? .seconds(3600), accept: try given.mediaType("accept"),
                try given.naming())
        case .unsubscribe: self = .unsubscribe(given.usage("SUBSCRIPTION"))
        case .refresh: self = .refresh(given.usage("USAGE"))
        case .publish:
            self = .publish(
                try given.required(CommandSpec.stateName).publishedState(),
                expires: try given.duration("expires") ?? .seconds(3600), try given.naming())
        case .unpublish: self = .unpublish(given.usage("PUBLICATION"))

        case .faultCrash: self = .fault(.crashPresence)
        case .faultRestart: self = .fault(.restartPresence)
        case .faultSilence: self = .fault(.silence)
        case .faultRefuse:
            let method = try given.required("METHOD").method()
            let status = try given.required("STATUS").status(in: 300...699)
            self = .fault(.refuse(method: method.description, status: Int(status.value)))
        case .faultLose: self = .fault(.lose(try given.required("SHARE%").share()))
        case .faultClear: self = .fault(.clear)

        case .shutdown, .shutdownGraceful:
            let giveUp = try given.duration("giveup")
            self = .shutdown(ShutdownRequest(.graceful, giveUp: giveUp, order: try given.option("order")?.plan()))
        case .shutdownPlan:
            self = .planShutdown(giveUp: try given.duration("giveup"), order: try given.option("order")?.plan())
        case .shutdownIfIdle:
            let mode = ShutdownRequest.Mode.ifIdle(
                ignoringSoftState: given.has("calls"), orRefuse: given.has("or-refuse"))
            self = .shutdown(ShutdownRequest(mode, giveUp: try given.duration("giveup")))
        case .shutdownForce: self = .shutdown(ShutdownRequest(.force(bestEffort: given.has("best-effort"))))
        case .shutdownExtend: self = .adjust(.extend(by: try given.required("DURATION").duration()))
        case .shutdownWait: self = .adjust(.noDeadline)
        case .shutdownSkip: self = .adjust(.skip(given.usage("USAGE")))
        case .shutdownSkipGroup: self = .adjust(.skipGroup)
        case .shutdownCancel: self = .adjust(.cancel)
        }
    }
}

/// What several verbs read alike.
extension Arguments {
    fileprivate func usage(_ name: String) -> UsageName? { word(name).map { UsageName($0.text) } }

    fileprivate func selection(_ name: String) -> Selection {
        let usage = usage(name)
        return usage?.text == "all" ? .all : .one(usage)
    }
    /// `URI` or `to CALL`.
    fileprivate func destination() throws(CommandError) -> TransferDestination {
        guard let other = option("to") else { return .peer(try required("URI").peer()) }
        guard word("URI") == nil else {
            throw CommandError("'to' is too much beside a URI; usage: \(spec.grammar)", column: other.column)
        }
        return .call(UsageName(other.text))
    }
    fileprivate func conferees() throws(CommandError) -> [UsageName] {
        let words = words("CALL")
        if words.count == 1, let only = words.first {
            throw CommandError("a conference is made of two calls or more; name another one", column: only.endColumn)
        }
        if let twice = words.indices.first(where: { words[..<$0].map(\.text).contains(words[$0].text) }) {
            throw CommandError("'\(words[twice].text)' stands here twice", column: words[twice].column)
        }
        return words.map { UsageName($0.text) }
    }
    fileprivate func naming() throws(CommandError) -> Naming {
        Naming(alias: try option("as")?.name(), account: option("on")?.text)
    }
    fileprivate func callOptions() throws(CommandError) -> CallOptions {
        var options = CallOptions(play: option("play")?.text, record: option("record")?.text)
        options.codecs = try codecs()
        for word in all("header") {
            let field = try word.field()
            options.fields.append(field.name, field.value)
        }
        return options
    }
    fileprivate func codecs() throws(CommandError) -> [AudioCodec]? { try option("codec")?.codecs() }

    fileprivate func contacts() throws(CommandError) -> [RegisteredContact] {
        var contacts: [RegisteredContact] = []
        for word in all("contact") { contacts.append(try word.contact()) }
        return contacts
    }
    fileprivate func duration(_ word: String) throws(CommandError) -> Duration? { try option(word)?.duration() }
    fileprivate func mediaType(_ word: String) throws(CommandError) -> String? { try option(word)?.mediaType() }
    fileprivate func digitPath() throws(CommandError) -> DigitPath { try option("via")?.digitPath() ?? .rtp }
    fileprivate func status(_ name: String, in range: ClosedRange<Int>) throws(CommandError) -> StatusCode? {
        try word(name)?.status(in: range)
    }

    fileprivate func accountSettings() throws(CommandError) -> AccountSettings {
        AccountSettings(
            name: try required("NAME").name(), addressOfRecord: try required("sip:USER@DOMAIN").addressOfRecord(),
            server: try option("server")?.sipURI(), login: option("login")?.text,
            password: option("password").map { Secret($0.text) }, realm: option("realm")?.text,
            expires: try duration("expires"))
    }
}
