import EventPackages
import Testing

/// Documents from somebody who means harm (`hardening.md`, H-032 to H-036).
@Suite("Hostile documents")
struct HostileDocumentTests {
    private func refusal(of octets: [UInt8]) -> DocumentError? {
        do throws(DocumentError) {
            _ = try MarkupElement(parsing: octets)
            return nil
        } catch {
            return error
        }
    }
    private func refusal(of text: String) -> DocumentError? { refusal(of: Array(text.utf8)) }

    @Test(
        "A document type declaration is refused before anything in it is expanded (H-032, H-033)",
        arguments: [
            "<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>",
            "<?xml version='1.0'?><!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>",
            "<!-- <!DOCTYPE a> --><!DOCTYPE a [<!ENTITY % p SYSTEM 'http://192.0.2.1/x'> %p;]><a/>",
            "<a><!ENTITY x SYSTEM 'file:///etc/passwd'></a>",
            "<!doctype a><a/>",
        ])
    func documentTypes(text: String) {
        #expect(refusal(of: text) == .documentType)
    }

    @Test("Ten times ten levels of entities are not expanded, one entity used 10,000 times neither (H-032)")
    func billionLaughs() {
        var text = "<!DOCTYPE a [<!ENTITY l0 'ha'>"
        for level in 1...10 {
            text += "<!ENTITY l\(level) '" + String(repeating: "&l\(level - 1);", count: 10) + "'>"
        }
        #expect(refusal(of: text + "]><a>&l10;</a>") == .documentType)
    }

    @Test(
        "NUL ends no text where the parser is a C library: such a document is refused whole (H-137)",
        arguments: ["<a>x\u{0}y</a>", "<a\u{0}b/>", "<a/>\u{0}", "\u{0}<a/>", "<a x='1\u{0}2'/>", "\u{0}"])
    func embeddedNUL(text: String) {
        #expect(refusal(of: text) != nil)
    }

    @Test("An entity that nobody declared makes the document ill-formed, and a character reference does not (H-033)")
    func entities() throws {
        guard case .syntax = refusal(of: "<a>&nobody;</a>") else {
            Issue.record("an undeclared entity was taken")
            return
        }
        #expect(try MarkupElement(parsing: Array("<a>&#65;&lt;</a>".utf8)).text == "A<")
    }

    @Test("A declaration inside a comment or a CDATA section is only text (XML 1.0 §2.5, §2.7)")
    func declarationsAsText() throws {
        let element = try MarkupElement(parsing: Array("<a><!-- <!DOCTYPE b> --><![CDATA[<!DOCTYPE c>]]></a>".utf8))
        #expect(element.text == "<!DOCTYPE c>")
    }

    @Test("XInclude and style sheets are names like any other: nothing is fetched (H-033)")
    func includes() throws {
        let text = """
            <?xml-stylesheet href="http://192.0.2.1/x.xsl"?><a xmlns:xi="http://www.w3.org/2001/XInclude">\
            <xi:include href="file:///etc/passwd" parse="text"/></a>
            """
        let element = try MarkupElement(parsing: Array(text.utf8))
        #expect(element.children.map(\.name) == ["include"])
        #expect(element.text.isEmpty)
    }

    @Test("Depth 64 is read, depth 65 and 20,000 are refused (H-034)")
    func depth() {
        let nested = { (depth: Int) in
            String(repeating: "<a>", count: depth) + String(repeating: "</a>", count: depth)
        }
        #expect(refusal(of: nested(64)) == nil)
        #expect(refusal(of: nested(65)) == .tooDeep)
        #expect(refusal(of: nested(20_000)) == .tooDeep)
        #expect(refusal(of: String(repeating: "<a>", count: 20_000)) == .tooDeep)
    }

    @Test("10,000 elements are read, one more is refused; so are 50,000 tuples (H-034, H-036)")
    func elements() {
        let flat = { (count: Int) in "<r>" + String(repeating: "<a/>", count: count - 1) + "</r>" }
        #expect(refusal(of: flat(10_000)) == nil)
        #expect(refusal(of: flat(10_001)) == .tooManyElements)
        #expect(refusal(of: flat(50_000)) == .tooManyElements)
    }

    @Test("64 attributes are read, 65 attributes or namespaces are refused (H-034)")
    func attributes() {
        let attributes = { (count: Int) in (0..<count).map { " a\($0)='1'" }.joined() }
        let namespaces = (0..<65).map { " xmlns:n\($0)='urn:\($0)'" }.joined()
        #expect(refusal(of: "<a\(attributes(64))/>") == nil)
        #expect(refusal(of: "<a\(attributes(65))/>") == .tooManyAttributes)
        #expect(refusal(of: "<a\(attributes(20_000))/>") == .tooManyAttributes)
        #expect(refusal(of: "<a\(namespaces)/>") == .tooManyAttributes)
    }

    @Test("256 KiB are read, one octet more is refused unread (hardening.md, section 1)")
    func size() {
        let whole = 262_144
        let frame = "<a></a>"
        let filled = { (size: Int) in "<a>" + String(repeating: "x", count: size - frame.utf8.count) + "</a>" }
        #expect(refusal(of: filled(whole)) == nil)
        #expect(refusal(of: filled(whole + 1)) == .tooLong(octets: whole + 1))
    }

    @Test("UTF-8 and UTF-16 are read, with their byte order marks (H-035)")
    func encodings() throws {
        let text = "<a>é☎</a>"
        let bigEndian = text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] }
        let littleEndian = text.utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
        for octets in [
            Array(text.utf8), [0xEF, 0xBB, 0xBF] + Array(text.utf8), [0xFE, 0xFF] + bigEndian,
            [0xFF, 0xFE] + littleEndian,
        ] {
            #expect(try MarkupElement(parsing: octets).text == "é☎")
        }
    }

    @Test(
        "Any other encoding, or one that lies, is refused (H-035)",
        arguments: [
            Array("<?xml version='1.0' encoding='UTF-7'?><a/>".utf8),
            Array("<?xml version='1.0' encoding=\"EBCDIC-US\"?><a/>".utf8),
            Array("<?xml version='1.0' encoding='ISO-8859-1'?><a>\u{e9}</a>".utf8),
            [0x3C, 0x61, 0x3E, 0xE9, 0x3C, 0x2F, 0x61, 0x3E],
            [0xFE, 0xFF, 0x00], [0xFE, 0xFF, 0xD8, 0x00, 0x00, 0x3C], [0x3C, 0x61, 0x00, 0x2F, 0x3E],
            [0x4C, 0x6F, 0xA7, 0x94, 0x93],
        ])
    func otherEncodings(octets: [UInt8]) {
        guard case .encoding = refusal(of: octets) else {
            Issue.record("not refused for its encoding: \(String(describing: refusal(of: octets)))")
            return
        }
    }

    @Test(
        "What is no XML is refused with a line, and reading always ends (H-034)",
        arguments: [
            "", "   ", "<", "<a", "<a>", "</a>", "<a></b>", "<a><b></a></b>", "<a/><b/>", "x", "<!--", "<a><![CDATA[",
            "<?xml",
            "<a b='1' b='2'/>", "<a b=\(String(repeating: "x", count: 100_000))", "&#0;", "<a>\u{1}</a>",
        ])
    func illFormed(text: String) {
        guard case .syntax(let line, _) = refusal(of: text) else {
            Issue.record("not refused as ill-formed: \(String(describing: refusal(of: text)))")
            return
        }
        #expect(line >= 1)
    }

    @Test("A document cut off anywhere is refused and never read as another")
    func truncation() {
        let octets = Array(PresenceDocumentTests.example.utf8)
        for end in 0..<(octets.count - 1) where refusal(of: Array(octets[..<end])) == nil {
            Issue.record("the first \(end) octets were taken for a whole document")
        }
    }
}
