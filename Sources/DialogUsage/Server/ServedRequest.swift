import SIPMessage
import SIPTransaction

/// What a server request needs beside its state.
struct ServedRequest<Asked: Sendable>: Sendable {
    var transaction: ServerTransactionID
    var message: SIPMessage
    /// What it asks for, once it has been read.
    var asked: Asked
}
