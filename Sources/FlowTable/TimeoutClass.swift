// The states that have a timeout of their own.

import NetTypes

/// Which timeout applies to a flow. The raw value is stored in the record; the unanswered ones come first, since they
/// are the first to go when the table is full.
enum TimeoutClass: UInt8, CaseIterable {
    case tcpOpening
    case udpUnanswered
    case otherUnanswered
    case tcpEstablished
    case tcpClosing
    case tcpClosed
    case udpAnswered
    case otherAnswered

    static let count = 8
    static let unanswered = 0..<3
    static let answered = 3..<8

    @inline(__always)
    static func of(_ transport: UInt8, _ state: TCPState, answered: Bool) -> TimeoutClass {
        if transport == IPProtocol.tcp {
            switch state {
            case .none, .synSent, .synReceived: return .tcpOpening
            case .established: return .tcpEstablished
            case .closing: return .tcpClosing
            case .closed, .reset: return .tcpClosed
            }
        }
        if transport == IPProtocol.udp { return answered ? .udpAnswered : .udpUnanswered }
        return answered ? .otherAnswered : .otherUnanswered
    }
}

extension FlowTimeouts {
    /// The idle timeout of a class, at least one second.
    func seconds(_ timeoutClass: TimeoutClass) -> Int {
        let value =
            switch timeoutClass {
            case .tcpOpening: tcpOpening
            case .udpUnanswered: udpUnanswered
            case .otherUnanswered: otherUnanswered
            case .tcpEstablished: tcpEstablished
            case .tcpClosing: tcpClosing
            case .tcpClosed: tcpClosed
            case .udpAnswered: udpAnswered
            case .otherAnswered: otherAnswered
            }
        return max(1, value)
    }
}
