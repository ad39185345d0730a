import Foundation
import Testing
import Yams

@testable import lastcall

@Suite("The JSON Schema of the configuration")
struct SchemaTests {
    private let schema: JSONSchema

    init() throws { schema = try JSONSchema(ConfigurationSchema.text) }

    @Test("It takes what the reader takes", arguments: ConfigurationSamples.accepted + [ConfigurationExample.text])
    func accepts(text: String) throws {
        #expect(throws: Never.self) { try ConfigurationReader(file: "config.yaml").read(text) }
        #expect(schema.accepts(try Yams.load(yaml: text)), "\(text)")
    }

    @Test(
        "It refuses what the reader refuses, as far as a schema can say it",
        arguments: ConfigurationSamples.refused.filter(\.isBySchema))
    func refuses(_ sample: ConfigurationSamples.Refused) throws {
        #expect(!schema.accepts(try Yams.load(yaml: sample.text)), "\(sample.text)")
    }

    @Test("It uses no keyword that this test does not know")
    func keywords() { #expect(schema.unknownKeywords.isEmpty) }
}

/// As much of JSON Schema (draft 2020-12) as ours uses.
struct JSONSchema {
    private let root: [String: Any]
    private static let known: Set<String> = [
        "$schema", "title", "description", "$defs", "$ref", "type", "enum", "const", "pattern", "minLength", "minimum",
        "maximum", "items", "minItems", "uniqueItems", "properties", "required", "additionalProperties", "anyOf", "not",
    ]

    init(_ text: String) throws {
        root = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    var unknownKeywords: Set<String> { keywords(of: root).subtracting(Self.known) }

    private func keywords(of schema: [String: Any]) -> Set<String> {
        var found = Set(schema.keys)
        for (keyword, value) in schema {
            switch keyword {
            case "properties", "$defs":
                for case let inner as [String: Any] in (value as? [String: Any] ?? [:]).values {
                    found.formUnion(keywords(of: inner))
                }
            case "items", "not": found.formUnion(keywords(of: value as? [String: Any] ?? [:]))
            case "anyOf":
                for inner in value as? [[String: Any]] ?? [] { found.formUnion(keywords(of: inner)) }
            default: break
            }
        }
        return found
    }

    func accepts(_ value: Any?) -> Bool { accepts(value ?? NSNull(), root) }

    private func accepts(_ value: Any, _ schema: [String: Any]) -> Bool {
        schema.allSatisfy { keyword, argument in
            switch keyword {
            case "$ref":
                let name = (argument as? String)?.split(separator: "/").last.map(String.init) ?? ""
                let target = (root["$defs"] as? [String: Any])?[name] as? [String: Any]
                return target.map { accepts(value, $0) } ?? false
            case "type":
                let types = argument as? [String] ?? [argument as? String ?? ""]
                return types.contains { Self.isOf($0, value) }
            case "enum":
                let values = argument as? [Any] ?? []
                if let truth = value as? Bool { return values.contains { $0 as? Bool == truth } }
                return values.contains { $0 as? String == value as? String && $0 is String }
            case "const": return argument as? String == value as? String
            case "anyOf": return (argument as? [[String: Any]] ?? []).contains { accepts(value, $0) }
            case "not": return !accepts(value, argument as? [String: Any] ?? [:])
            case "pattern":
                guard let text = value as? String, let pattern = argument as? String else { return true }
                return text.range(of: pattern, options: .regularExpression) != nil
            case "minLength": return (value as? String).map { $0.count >= argument as? Int ?? 0 } ?? true
            case "minimum": return Self.number(value).map { $0 >= argument as? Double ?? 0 } ?? true
            case "maximum": return Self.number(value).map { $0 <= argument as? Double ?? 0 } ?? true
            case "minItems": return (value as? [Any]).map { $0.count >= argument as? Int ?? 0 } ?? true
            case "uniqueItems":
                guard let list = value as? [Any] else { return true }
                return Set(list.map { "\($0)" }).count == list.count
            case "items":
                return (value as? [Any] ?? []).allSatisfy { accepts($0, argument as? [String: Any] ?? [:]) }
            case "required":
                guard let mapping = value as? [String: Any] else { return true }
                return (argument as? [String] ?? []).allSatisfy { mapping[$0] != nil }
            case "properties":
                let properties = argument as? [String: Any] ?? [:]
                return (value as? [String: Any] ?? [:]).allSatisfy { name, value in
                    (properties[name] as? [String: Any]).map { accepts(value, $0) } ?? true
                }
            case "additionalProperties":
                let properties = schema["properties"] as? [String: Any] ?? [:]
                return (value as? [String: Any] ?? [:]).keys.allSatisfy { properties[$0] != nil }
            default: return true
            }
        }
    }

    private static func isOf(_ type: String, _ value: Any) -> Bool {
        switch type {
        case "object": value is [String: Any]
        case "array": value is [Any]
        case "string": value is String
        case "integer": value is Int
        case "number": number(value) != nil
        case "boolean": value is Bool
        case "null": value is NSNull
        default: false
        }
    }
    private static func number(_ value: Any) -> Double? { (value as? Int).map(Double.init) ?? value as? Double }
}
