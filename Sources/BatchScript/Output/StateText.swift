import DialogUsage
import SansIO
import SoftphoneCore

/// Everything the softphone knows, as one JSON object.
enum StateText {
    static func object(_ model: SoftphoneModel, started: Instant = .zero) -> JSONObject {
        var object = JSONObject(["v": 1, "type": "state"])
        object["mono"] = .decimal((model.now - started).inSeconds, digits: 3)
        object["accounts"] = .list(model.accounts.map { .object(account($0)) })
        object["usages"] = .list(model.usages.map { .object(usage($0)) })
        object["calls"] = .list(model.calls.map { .object(call($0, at: model.now)) })
        object["presence"] = .list(model.presence.map { .object(presence($0)) })
        object["sent"] = .object(counts(model.sent))
        object["received"] = .object(counts(model.received))
        object["malformed"] = .integer(model.malformed)
        return object
    }

    private static func account(_ row: AccountRow) -> JSONObject {
        var object = JSONObject(["name": .text(row.name), "address": .text(row.addressOfRecord)])
        object["current"] = .bool(row.isCurrent)
        object["registration"] = .text(row.registration)
        object["failure"] = .optional(row.lastFailure)
        return object
    }

    private static func usage(_ row: UsageRow) -> JSONObject {
        var object = JSONObject(["usage": .text(row.id.description), "kind": .text(row.id.kind.rawValue)])
        object["name"] = .optional(row.alias)
        object["account"] = .optional(row.summary.accountName)
        object["peer"] = .text(row.summary.peer)
        object["state"] = .text(row.summary.state)
        object["event"] = .optional(row.summary.eventPackage)
        object["waits_for"] = .optional(row.summary.waitsFor)
        if let document = row.document { object["body"] = .text(document) }
        return object
    }

    private static func call(_ row: CallRow, at now: Instant) -> JSONObject {
        var object = JSONObject(["usage": .text(row.id.description)])
        object["name"] = .optional(row.alias)
        object["peer"] = .text(row.peer)
        object["state"] = .text(row.state.rawValue)
        object["duration"] = .decimal(row.duration(at: now).inSeconds, digits: 3)
        object["codec"] = .optional(row.codec)
        object["muted"] = .bool(row.isMuted)
        object["rtp_sent"] = .integer(row.rtp.sent)
        object["rtp_received"] = .integer(row.rtp.received)
        object["mos"] = row.mos.map { .decimal($0, digits: 2) } ?? .null
        object["digits"] = .text(row.digitsReceived)
        object["recording"] = .optional(row.recording)
        object["playing"] = .optional(row.playing)
        object["ending"] = .optional(row.ending)
        return object
    }

    private static func presence(_ row: PresenceRow) -> JSONObject {
        var object = JSONObject(["uri": .text(row.uri), "state": .text(row.state.rawValue)])
        object["freshness"] = .text(row.freshness.rawValue)
        object["activities"] = .list(row.activities.map(JSONValue.text))
        object["note"] = .optional(row.note)
        return object
    }

    private static func counts(_ counts: [String: Int]) -> JSONObject {
        var object = JSONObject()
        for (method, count) in counts.sorted(by: { $0.key < $1.key }) { object[method] = .integer(count) }
        return object
    }
}
