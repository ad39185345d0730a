/// An element of an XML document as a value: what our documents need of it, and no more.
package struct MarkupElement: Hashable, Sendable {
    /// Without prefix.
    package var name: String
    package var namespace: String?
    package var attributes: [String: String]
    /// The character data directly inside, white space at both ends cut off.
    package var text: String
    package var children: [MarkupElement]

    package init(
        _ name: String, namespace: String? = nil, attributes: [String: String] = [:], text: String = "",
        children: [MarkupElement] = []
    ) {
        self.name = name
        self.namespace = namespace
        self.attributes = attributes
        self.text = text
        self.children = children
    }

    package func children(_ name: String, in namespace: String) -> [MarkupElement] {
        children.filter { $0.name == name && $0.namespace == namespace }
    }
    package func first(_ name: String, in namespace: String) -> MarkupElement? {
        children.first { $0.name == name && $0.namespace == namespace }
    }
}

/// Text as it stands between tags or in an attribute: the five characters escaped, and what XML 1.0 §2.2 does not allow
/// left out.
package func markupEscaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "&": result += "&amp;"
        case "<": result += "&lt;"
        case ">": result += "&gt;"
        case "\"": result += "&quot;"
        case "'": result += "&apos;"
        case "\t", "\n", "\r": result.unicodeScalars.append(scalar)
        case _ where scalar.value < 0x20 || scalar.value == 0xFFFE || scalar.value == 0xFFFF: break
        default: result.unicodeScalars.append(scalar)
        }
    }
    return result
}
