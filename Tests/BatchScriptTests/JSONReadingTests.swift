import BatchScript
import Testing

@Suite("JSON read back")
struct JSONReadingTests {
    @Test(
        "What we write is read as the same",
        arguments: [
            "{}", "{\"a\":1,\"b\":-7,\"c\":null,\"d\":[true,false,[],{}]}", "{\"a\":{\"b\":{\"c\":\"x\"}}}",
            "{\"text\":\"\\\"q\\\" \\\\ \\n\\r\\t é ☎ \\u202e\\u001b\"}", "{\"n\":1.500}",
        ])
    func same(line: String) { #expect(JSONObject(parsing: line)?.line == line) }

    @Test("Escapes and blanks of others are understood")
    func others() {
        let object = JSONObject(parsing: " { \"a\" : \"\\u00e9\\/\\ud83d\\ude00\\b\\f\" , \"b\":[ 1 , 2e1 ]\n} ")
        #expect(object?["a"]?.text == "é/😀\u{8}\u{c}")
        #expect(object?["b"] == .list([.integer(1), .decimal(20, digits: 3)]))
    }

    @Test(
        "What is no JSON object is refused, and nothing else happens",
        arguments: [
            "", "{", "}", "[]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{\"a\":1}x", "{a:1}", "{\"a\":\"\\x\"}",
            "{\"a\":\"\\ud83d\"}", "{\"a\":\"\\u12\"}", "{\"a\":\"\\u+123\"}", "{\"a\":01}", "{\"a\":-}",
            "{\"a\":1.}", "{\"a\":tru}", "{\"a\":\"\n\"}", "{\"a\":\"", "{\"a\":1e999}",
            "{\"a\":" + String(repeating: "[", count: 100_000),
        ])
    func refused(text: String) { #expect(JSONObject(parsing: text) == nil) }
}
