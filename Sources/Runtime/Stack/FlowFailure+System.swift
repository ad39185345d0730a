import CNetwork
import Glibc
import NIOCore
import SansIO

extension FlowFailure {
    init(_ error: any Error) {
        switch error {
        case let error as IOError where error.errnoCode == ECONNREFUSED: self = .refused
        case let error as IOError: self = .broken(String(cString: cn_error_text(error.errnoCode)))
        case ChannelError.connectTimeout: self = .broken(String(cString: cn_error_text(ETIMEDOUT)))
        case ChannelError.eof: self = .closedByPeer
        default: self = .broken(String(describing: error))
        }
    }
}
