import CNetwork
import SansIO

/// Gathers the datagrams of one turn and hands them to the kernel together, with one call for up to 64.
struct DatagramSender {
    private let socket: CInt
    private var list: [cn_datagram] = []
    private var store: [UInt8] = []
    private static let mostBytes = 256 * 1024

    init(socket: CInt) { self.socket = socket }

    var isFull: Bool { list.count >= 64 || store.count >= Self.mostBytes }

    mutating func add(_ datagram: Datagram) {
        let offset = UInt32(store.count)
        store += datagram.bytes
        list.append(
            cn_datagram(remote: datagram.remote.system, offset: offset, length: UInt32(store.count) - offset))
    }

    /// Sends all, in order, and answers with those which the system refused to send.
    mutating func flush() -> [NetworkInput] {
        guard !list.isEmpty else { return [] }
        var refused: [NetworkInput] = []
        var sent = 0
        while sent < list.count {
            var error: CInt = 0
            sent += list.withUnsafeBufferPointer { list in
                store.withUnsafeBufferPointer { store in
                    Int(
                        cn_udp_send(
                            socket, list.baseAddress.map { $0 + sent }, CInt(list.count - sent), store.baseAddress,
                            &error))
                }
            }
            guard sent < list.count else { break }
            let each = list[sent]
            let bytes = store[Int(each.offset)..<Int(each.offset + each.length)]
            refused.append(.unreachable(remote: SocketAddress(each.remote), payload: Array(bytes)))
            sent += 1
        }
        list.removeAll(keepingCapacity: true)
        store.removeAll(keepingCapacity: true)
        return refused
    }
}
