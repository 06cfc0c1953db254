// A TLS client that waits: the one place that knows swift-nio.

import NIOCore
import NIOPosix
import NIOSSL

/// An encrypted connection to a receiver, opened and used by one thread at a time, which waits for what it asks.
///
/// The other end must show a certificate that a trusted authority signed and that has its name or address (RFC 5280,
/// RFC 6125); TLS 1.2 or newer. The kernel gives a connection up when bytes stay unacknowledged for longer than
/// `patience` (TCP_USER_TIMEOUT, RFC 5482).
public final class SecureStream: @unchecked Sendable {
    private let settings: SecureStreamSettings
    private let context: NIOSSLContext
    private let group: MultiThreadedEventLoopGroup
    private var channel: (any Channel)?

    /// Reads certificates and key. Makes no connection yet.
    public init(_ settings: SecureStreamSettings) throws(SecureStreamError) {
        self.settings = settings
        context = try Self.makeContext(settings)
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    }

    private static func makeContext(_ settings: SecureStreamSettings) throws(SecureStreamError) -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        configuration.certificateVerification = .fullVerification
        if let authorities = settings.authorities {
            let certificates = try read(authorities, "certificates of authorities") {
                try NIOSSLCertificate.fromPEMFile(authorities)
            }
            configuration.trustRoots = .certificates(certificates)
        }
        if let certificate = settings.certificate, let key = settings.key {
            configuration.certificateChain = try read(certificate, "a certificate chain") {
                try NIOSSLCertificate.fromPEMFile(certificate).map { .certificate($0) }
            }
            configuration.privateKey = .privateKey(
                try read(key, "a private key") { try NIOSSLPrivateKey(file: key, format: .pem) })
        }
        let made = Result { try NIOSSLContext(configuration: configuration) }
        switch made {
        case .success(let context): return context
        case .failure(let error): throw SecureStreamError(.credentials, "certificate and key do not fit: \(error)")
        }
    }

    private static func read<Value>(
        _ path: String, _ kind: String, _ body: () throws -> Value
    ) throws(SecureStreamError) -> Value {
        do {
            return try body()
        } catch {
            throw SecureStreamError(.credentials, "\(path) cannot be read as PEM of \(kind)")
        }
    }

    /// Whether there is a connection, as far as is known without sending.
    public var isOpen: Bool { channel?.isActive ?? false }

    /// Connects and shakes hands.
    public func connect() throws(SecureStreamError) {
        disconnect()
        let promise = group.any().makePromise(of: Void.self)
        let patience = TimeAmount.milliseconds(Int64(settings.patience))
        let (context, name) = (context, settings.serverName ?? settings.host)
        let userTimeout = ChannelOptions.Types.SocketOption(level: .tcp, name: .init(rawValue: 18))
        let bootstrap = ClientBootstrap(group: group)
            .connectTimeout(patience)
            .channelOption(userTimeout, value: .init(settings.patience))
            .channelOption(ChannelOptions.socketOption(.so_keepalive), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let handler = try Self.makeHandler(context, name)
                    try channel.pipeline.syncOperations.addHandlers([handler, HandshakeWaiter(promise)])
                }
            }
        let connected = Result { try bootstrap.connect(host: settings.host, port: settings.port).wait() }
        guard case .success(let channel) = connected else {
            promise.succeed()
            throw SecureStreamError(.unreachable, Self.words(connected))
        }
        let limit = channel.eventLoop.scheduleTask(in: patience) { promise.fail(ChannelError.connectTimeout(patience)) }
        let shaken = Result { try promise.futureResult.wait() }
        limit.cancel()
        guard case .success = shaken else {
            channel.close(promise: nil)
            throw SecureStreamError(.untrusted, "the TLS handshake failed: \(Self.words(shaken))")
        }
        do throws(SecureStreamError) {
            try checkName(name, of: channel)
        } catch {
            channel.close(promise: nil)
            throw error
        }
        self.channel = channel
    }

    /// An address can be no server name; the certificate is then compared with the address itself.
    private static func makeHandler(_ context: NIOSSLContext, _ name: String) throws -> NIOSSLClientHandler {
        do {
            return try NIOSSLClientHandler(context: context, serverHostname: name)
        } catch let error as NIOSSLExtraError where error == .cannotUseIPAddressInSNI {
            return try NIOSSLClientHandler(context: context, serverHostname: nil)
        }
    }

    /// Hands bytes to the kernel, all of them.
    public func send(_ bytes: UnsafeRawBufferPointer) throws(SecureStreamError) {
        guard let channel else { throw SecureStreamError(.broken, "there is no connection") }
        var buffer = channel.allocator.buffer(capacity: bytes.count)
        buffer.writeBytes(bytes)
        let limit = channel.eventLoop.scheduleTask(in: .milliseconds(Int64(settings.patience))) {
            channel.close(promise: nil)
        }
        let sent = Result { [buffer] in try channel.writeAndFlush(buffer).wait() }
        limit.cancel()
        guard case .success = sent else {
            disconnect()
            throw SecureStreamError(.broken, "the connection broke: \(Self.words(sent))")
        }
    }

    /// Says goodbye and waits for the other end to do the same. True when it did, so that it has read everything.
    public func finish(milliseconds: Int) -> Bool {
        guard let channel, channel.isActive else { return false }
        self.channel = nil
        let promise = channel.eventLoop.makePromise(of: Bool.self)
        channel.close().whenComplete { result in
            switch result {
            case .success: promise.succeed(true)
            case .failure(let error): promise.succeed((error as? NIOSSLError).map(Self.isFarewell) ?? false)
            }
        }
        let limit = channel.eventLoop.scheduleTask(in: .milliseconds(Int64(milliseconds))) { promise.succeed(false) }
        defer { limit.cancel() }
        return (try? promise.futureResult.wait()) ?? false
    }

    private static func isFarewell(_ error: NIOSSLError) -> Bool {
        if case .uncleanShutdown = error { true } else { false }
    }

    /// Drops the connection, if there is one.
    public func disconnect() {
        channel?.close(promise: nil)
        channel = nil
    }

    /// Ends the thread that serves connections. Nothing may be asked afterwards.
    public func shutDown() {
        disconnect()
        try? group.syncShutdownGracefully()
    }

    private static func words<Value>(_ result: Result<Value, any Error>) -> String {
        guard case .failure(let error) = result else { return "" }
        let text = "\(error)"
        if text.contains("CERTIFICATE_VERIFY_FAILED") {
            return "no trusted authority signed the other end's certificate"
        }
        if text.contains("unableToValidateCertificate") { return "the other end's certificate has another name" }
        return text
    }
}
