import Foundation

/// The corpus of RFC 4475 and RFC 5118 with its manifest. It lies beside the package, or where LASTCALL_TORTURE says.
enum Torture {
    struct Case: Sendable {
        var id: String
        var isRequest: Bool
        var verdict: String
        var bytes: [UInt8]
        /// What a user agent server may answer; empty where the manifest says nothing.
        var statuses: Set<Int>
        var neverStatuses: Set<Int>
        var maySayNothing: Bool
        var facts: [String: JSONValue]
    }

    static let folder: URL = {
        if let named = ProcessInfo.processInfo.environment["LASTCALL_TORTURE"] { return URL(filePath: named) }
        return packageRoot.deletingLastPathComponent().appending(path: "shared/torture")
    }()

    private static var packageRoot: URL {
        URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
    }

    /// Empty if the corpus is not there.
    static let cases: [Case] = {
        guard let data = try? Data(contentsOf: folder.appending(path: "manifest.json")),
            let manifest = try? JSONDecoder().decode(JSONValue.self, from: data)
        else { return [] }
        return manifest["cases"].elements.compactMap(read)
    }()

    private static func read(_ entry: JSONValue) -> Case? {
        guard let id = entry["id"].text, let verdict = entry["parse"].text,
            let file = entry["wire"]["file"].text ?? entry["file"].text,
            let data = try? Data(contentsOf: folder.appending(path: file))
        else { return nil }
        let server = entry["expect"]["endpoint_as_uas"]
        let also = server["also_acceptable_status"].elements
        return Case(
            id: id, isRequest: entry["kind"].text == "request", verdict: verdict, bytes: [UInt8](data),
            statuses: Set(([server["preferred_status"]] + also).compactMap(\.number)),
            neverStatuses: Set(server["never_status"].elements.compactMap(\.number)),
            maySayNothing: server["silent_discard_acceptable"] == .bool(true), facts: entry["facts"].members)
    }
}
