import Foundation
import FoundationXML

/// The only file that knows an XML parser. It is libxml2's, in its event form, behind our limits: what reaches it is
/// UTF-8 without any declaration, so there is no entity to expand and nothing outside to fetch (H-032 to H-036).
extension MarkupElement {
    package init(parsing octets: [UInt8], limits: DocumentLimits = DocumentLimits()) throws(DocumentError) {
        let text = try MarkupText(octets, limits: limits)
        let parser = XMLParser(data: Data(text.utf8))
        parser.shouldProcessNamespaces = true
        parser.shouldReportNamespacePrefixes = true
        parser.shouldResolveExternalEntities = false
        let builder = MarkupBuilder(limits: limits)
        parser.delegate = builder
        let isWellFormed = parser.parse()
        if let fault = builder.fault { throw fault }
        guard isWellFormed, parser.parserError == nil, let root = builder.root else {
            throw .syntax(line: max(1, parser.lineNumber), "this is not well-formed XML")
        }
        self = root
    }
}

/// Lives as long as one call of the parser, which asks for a delegate.
private final class MarkupBuilder: NSObject, XMLParserDelegate {
    private let limits: DocumentLimits
    private var open: [MarkupElement] = []
    private var elements = 0
    private var namespacesOfNext = 0
    private(set) var root: MarkupElement?
    private(set) var fault: DocumentError?

    init(limits: DocumentLimits) { self.limits = limits }

    private func refuse(_ fault: DocumentError, _ parser: XMLParser) {
        if self.fault == nil { self.fault = fault }
        parser.abortParsing()
    }

    func parser(_ parser: XMLParser, didStartMappingPrefix prefix: String, toURI namespaceURI: String) {
        namespacesOfNext += 1
    }

    func parser(
        _ parser: XMLParser, didStartElement elementName: String, namespaceURI: String?, qualifiedName qName: String?,
        attributes attributeDict: [String: String] = [:]
    ) {
        guard fault == nil else { return }
        elements += 1
        defer { namespacesOfNext = 0 }
        guard root == nil else {
            return refuse(.syntax(line: parser.lineNumber, "there are two document elements"), parser)
        }
        guard elements <= limits.elements else { return refuse(.tooManyElements, parser) }
        guard open.count < limits.depth else { return refuse(.tooDeep, parser) }
        guard attributeDict.count <= limits.attributes, namespacesOfNext <= limits.attributes else {
            return refuse(.tooManyAttributes, parser)
        }
        let namespace = namespaceURI.flatMap { $0.isEmpty ? nil : $0 }
        open.append(MarkupElement(elementName, namespace: namespace, attributes: attributeDict))
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) {
        guard fault == nil, !open.isEmpty else { return }
        open[open.count - 1].text += string
    }
    func parser(_ parser: XMLParser, foundCDATA CDATABlock: Data) {
        guard fault == nil, !open.isEmpty else { return }
        open[open.count - 1].text += String(decoding: CDATABlock, as: UTF8.self)
    }

    func parser(
        _ parser: XMLParser, didEndElement elementName: String, namespaceURI: String?, qualifiedName qName: String?
    ) {
        guard fault == nil, var element = open.popLast() else { return }
        element.text = trimmed(element.text)
        if open.isEmpty { root = element } else { open[open.count - 1].children.append(element) }
    }

    private func trimmed(_ text: String) -> String {
        guard let first = text.firstIndex(where: { !$0.isWhitespace }),
            let last = text.lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(text[first...last])
    }
}
