package import SIPMessage
package import SansIO

/// Responses of ours, and the way back (RFC 3261 §18.2, RFC 3581).
extension SipStack {
    /// Provisional or final. A 2xx to INVITE given again is repeated: its timer is the usage's (RFC 6026 §7.1). A
    /// transaction that is gone gets nothing.
    package mutating func respond(
        to id: ServerTransactionID, with response: ResponseDraft, contact: ContactTemplate? = nil, at now: Instant
    ) -> [StackOutput] {
        respondInside(id, response, contact: contact, at: now)
        return take()
    }

    mutating func respondInside(
        _ id: ServerTransactionID, _ response: ResponseDraft, contact: ContactTemplate? = nil, at now: Instant
    ) {
        guard let entry = servers[id] else { return }
        let bytes = complete(response, to: entry.request, entry.source, contact: contact)
        let input: ServerInput =
            response.status.isProvisional
            ? .respondedProvisional(bytes)
            : response.status.isSuccess ? .respondedAccepted(bytes) : .respondedRefused(bytes)
        driveServer(id, input, at: now)
    }

    /// A response outside any transaction: to what is malformed or too much.
    mutating func respondOnce(
        _ status: StatusCode, to message: SIPMessage, _ source: Source, retryAfter: Int? = nil
    ) {
        var draft = ResponseDraft(status, to: message, toTag: entropy.token())
        if let retryAfter { draft.fields.append(.retryAfter, "\(retryAfter)") }
        emit(complete(draft, to: message, source, contact: nil), to: message, source, server: nil, retransmission: 0)
    }

    /// The topmost Via says where the request really came from (§18.2.1, RFC 3581 §4).
    func complete(
        _ response: ResponseDraft, to request: SIPMessage, _ source: Source, contact: ContactTemplate?
    ) -> [UInt8] {
        var complete = response
        if let via = request.stampedVia(from: source.remote) { complete.fields.replaceFirst(.via, via) }
        if let contact {
            let local = localAddress(facing: source.remote)
            complete.fields.append(.contact, contact.text(at: local, transport: source.transport))
        }
        return complete.serialised()
    }

    /// On the connection that the request came on; over UDP to where it came from, and to the port that Via names unless
    /// it asks for the one it came from (§18.2.2, RFC 3581 §4).
    mutating func emit(
        _ bytes: [UInt8], to request: SIPMessage, _ source: Source, server: ServerTransactionID?, retransmission: Int
    ) {
        var remote = source.remote
        if let flow = source.flow, flows[flow] != nil {
            write(bytes, to: flow)
        } else if source.transport.isReliable {
            // The connection is gone: a new one, to where Via says that its sender listens (§18.2.2).
            let port = (try? request.topViaView())?.port ?? 0
            remote.port = port == 0 ? source.transport.defaultPort : port
            write(bytes, to: flow(to: remote, transport: source.transport))
        } else {
            if let via = try? request.topViaView(), !via.hasRport {
                remote.port = via.port == 0 ? TransportProtocol.udp.defaultPort : via.port
            }
            outputs.append(.network(.transmit(Datagram(local: source.local, remote: remote, bytes: bytes))))
        }
        outputs.append(
            .traced(
                Trace(
                    .sent, bytes, remote: remote, transport: source.transport, retransmission: retransmission,
                    server: server)))
    }
}
