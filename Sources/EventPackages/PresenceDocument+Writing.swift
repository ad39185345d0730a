extension PresenceDocument {
    /// The document as it goes into the body of PUBLISH or NOTIFY, in UTF-8.
    package func serialised() -> [UInt8] {
        var text = """
            <?xml version="1.0" encoding="UTF-8"?>
            <presence xmlns="\(PresenceNamespace.pidf)" xmlns:dm="\(PresenceNamespace.dataModel)" \
            xmlns:rpid="\(PresenceNamespace.rpid)" entity="\(markupEscaped(entity))">

            """
        for tuple in tuples { text += tuple.markup }
        for note in notes { text += "<note>\(markupEscaped(note))</note>\n" }
        if !activities.isEmpty { text += personMarkup }
        return Array((text + "</presence>\n").utf8)
    }

    private var personMarkup: String {
        let elements = activities.map { name in
            Self.isElementName(name) ? "<rpid:\(name)/>" : "<rpid:other>\(markupEscaped(name))</rpid:other>"
        }
        return "<dm:person id=\"person\"><rpid:activities>\(elements.joined())</rpid:activities></dm:person>\n"
    }
    private static func isElementName(_ name: String) -> Bool {
        name.first?.isLetter == true && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
    }
}

extension PresenceDocument.Tuple {
    /// In the order that the schema asks for (RFC 3863 §4.4).
    fileprivate var markup: String {
        var text = "<tuple id=\"\(markupEscaped(id))\"><status>"
        if let basic { text += "<basic>\(basic.rawValue)</basic>" }
        text += "</status>"
        if let contact { text += "<contact>\(markupEscaped(contact))</contact>" }
        if let note { text += "<note>\(markupEscaped(note))</note>" }
        if let timestamp { text += "<timestamp>\(markupEscaped(timestamp))</timestamp>" }
        return text + "</tuple>\n"
    }
}
