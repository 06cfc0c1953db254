// Where rendered lines go.

/// Takes rendered lines in order.
///
/// One thread at a time may call a sink; it need not always be the same one.
public protocol LineSink: AnyObject, Sendable {
    /// Writes all lines of the buffer. Never throws and never splits a line: lines that cannot be written are counted.
    func write(_ lines: borrowing LineBuffer)

    /// Lines that could not be written so far.
    var lostLines: UInt64 { get }

    /// Why lines were lost, from the first failure on; nil while all is well.
    var failure: OutputError? { get }

    /// Called about once a second while nothing is written: a time to mend what is broken, or to turn to a new file.
    func attend()

    /// Finishes the output. Nothing may be written afterwards.
    /// - Throws: `OutputError` when lines were lost or the system reports a failure now.
    func close() throws(OutputError)
}

extension LineSink {
    public func attend() {}
}
