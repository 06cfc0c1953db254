// Tells when a TLS handshake is over, and what ended a connection.

import NIOCore
import NIOTLS

/// Fulfils a promise when the handshake is complete, fails it with the first error. Used by its event loop alone.
final class HandshakeWaiter: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private var promise: EventLoopPromise<Void>?

    init(_ promise: EventLoopPromise<Void>) {
        self.promise = promise
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case TLSUserEvent.handshakeCompleted? = event as? TLSUserEvent { finish(nil) }
        context.fireUserInboundEventTriggered(event)
    }

    /// Receivers of logs say nothing; what one says all the same is not for us.
    func channelRead(context: ChannelHandlerContext, data: NIOAny) {}

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        finish(error)
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        finish(ChannelError.ioOnClosedChannel)
    }

    private func finish(_ error: (any Error)?) {
        if let error { promise?.fail(error) } else { promise?.succeed() }
        promise = nil
    }
}
