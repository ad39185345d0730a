import NIOCore
import SansIO

/// Carries what happens on one connection to the loop. Added to its pipeline on the loop, and lives there.
final class FlowHandler<M: Machine>: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let loop: StackLoop<M>
    private let id: FlowID
    private var failure: FlowFailure = .closedByPeer

    init(loop: StackLoop<M>, id: FlowID) {
        self.loop = loop
        self.id = id
    }

    func channelActive(context: ChannelHandlerContext) { loop.flowStands(id, context.channel) }
    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        loop.flowRead(id, Array(buffer: unwrapInboundIn(data)))
    }
    func channelReadComplete(context: ChannelHandlerContext) { loop.endTurn() }
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        failure = FlowFailure(error)
        context.close(promise: nil)
    }
    func channelInactive(context: ChannelHandlerContext) { loop.flowEnded(id, failure) }
}
