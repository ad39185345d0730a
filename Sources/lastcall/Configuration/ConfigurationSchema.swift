import BatchScript
import TerminalUI

/// `Sources/Manual/config.schema.json`, for editors: it takes what the reader takes, as far as a schema can say it.
enum ConfigurationSchema {
    static var text: String {
        var properties = JSONObject()
        properties["accounts"] = described(
            .accounts, ["type": .text("array"), "items": .object(object(Settings.account))])
        properties["terminal"] = described(.terminal, object(Settings.terminal))
        properties["shutdown"] = described(.shutdown, object(Settings.shutdown))
        properties["keys"] = described(.keys, keys)
        return JSONObject([
            "$schema": .text("https://json-schema.org/draft/2020-12/schema"),
            "title": .text("The configuration of lastcall"),
            "description": .text(
                "config.yaml. Made from the table of its keys by scripts/docs; a test fails when they differ."),
            "type": .text("object"), "additionalProperties": .bool(false), "properties": .object(properties),
            "$defs": .object(["keys": .object(keyList), "key": .object(key)]),
        ]).pageText
    }

    static func object<Subject>(_ settings: [Setting<Subject>]) -> JSONObject {
        var properties = JSONObject()
        for setting in settings {
            var schema = JSONObject(["description": .text(setting.summary)])
            schema.merge(setting.schema)
            properties[setting.name] = .object(schema)
        }
        var object = JSONObject([
            "type": .text("object"), "additionalProperties": .bool(false), "properties": .object(properties),
        ])
        let required = settings.filter(\.isRequired).map { JSONValue.text($0.name) }
        if !required.isEmpty { object["required"] = .list(required) }
        if let setting = settings.first(where: { $0.excludes != nil }), let other = setting.excludes {
            object["not"] = .object(["required": .list([.text(setting.name), .text(other)])])
        }
        return object
    }

    private static var keys: JSONObject {
        var properties = JSONObject()
        for target in KeyMap.Target.all {
            properties[target.word] = .object(["description": .text(target.summary), "$ref": .text("#/$defs/keys")])
        }
        return ["type": .text("object"), "additionalProperties": .bool(false), "properties": .object(properties)]
    }

    private static let keyList: JSONObject = [
        "anyOf": .list([
            .object(["const": .text("none")]), .object(["$ref": .text("#/$defs/key")]),
            .object([
                "type": .text("array"), "minItems": .integer(1), "uniqueItems": .bool(true),
                "items": .object(["$ref": .text("#/$defs/key")]),
            ]),
        ])
    ]

    /// A character, or the name of a key. Names are taken in upper and lower case.
    private static var key: JSONObject {
        let names = TerminalUI.Key.names.map { name in
            name.map { $0.isLetter ? "[\($0.uppercased())\($0.lowercased())]" : String($0) }.joined()
        }
        let pattern = "^(\\S|[Cc][Tt][Rr][Ll]-[A-BD-Ya-bd-y]|[Aa][Ll][Tt]-.|" + names.joined(separator: "|") + ")$"
        return [
            "anyOf": .list([
                .object(["type": .text("string"), "pattern": .text(pattern)]),
                .object(["type": .text("integer"), "minimum": .integer(0), "maximum": .integer(9)]),
            ])
        ]
    }

    private static func described(_ section: Settings.Section, _ schema: JSONObject) -> JSONValue {
        var described = JSONObject(["description": .text(section.summary)])
        described.merge(schema)
        // Of a section there may be nothing left but comments.
        if let type = schema["type"] { described["type"] = .list([type, .text("null")]) }
        return .object(described)
    }
}
