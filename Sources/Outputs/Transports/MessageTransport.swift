// How messages get to where they are wanted.

/// Carries messages to one receiver. Used by one thread, which it may keep waiting for some seconds at a time.
public protocol MessageTransport: AnyObject, Sendable {
    /// `file`, `unix`, `udp`, `tcp` or `tls`.
    var kind: String { get }

    /// Seconds that a connection must go on after a message was sent before the message counts as arrived. What was sent in
    /// the last seconds of a connection is sent again on the next one.
    var settleTime: Int { get }

    /// Opens the place, or connects. Called again after every failure.
    func connect() throws(OutputError)

    /// Hands over messages. After an error it is unknown which of them have arrived.
    func send(_ messages: borrowing MessageBuffer) throws(OutputError)

    /// Looks after an idle connection.
    /// - Throws: when it is gone.
    func attend() throws(OutputError)

    /// Ends the connection in good order. True when the receiver is known to have everything.
    func finish() -> Bool

    /// Drops the connection.
    func disconnect()

    /// Turns to a new file, where there are files. Any thread.
    func rotate()
}

extension MessageTransport {
    public func rotate() {}
}
