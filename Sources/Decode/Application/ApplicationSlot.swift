// What is kept of a flow while its application bytes are followed.

import NetTypes

/// The state of a followed flow: the beginnings of its payload, and where the parsers stand.
struct ApplicationSlot {
    struct Flags: OptionSet {
        let rawValue: UInt8
        /// Nothing is parsed any more; the slot only keeps the payload heads.
        static let over = Flags(rawValue: 1)
        static let clientHello = Flags(rawValue: 2)
        static let serverHello = Flags(rawValue: 4)
        static let clientBanner = Flags(rawValue: 8)
        static let serverBanner = Flags(rawValue: 16)
        /// HTTP: the connection goes on through a proxy.
        static let proxied = Flags(rawValue: 32)
    }

    static let headLength = 64

    var toServerHead = InlineArray<64, UInt8>(repeating: 0)
    var toClientHead = InlineArray<64, UInt8>(repeating: 0)
    var toServerHeadCount: UInt8 = 0
    var toClientHeadCount: UInt8 = 0
    var application = ApplicationProtocol.unknown
    var flags: Flags = []
    /// TLS: the version that the client offered, for a record without an answer.
    var offeredVersion: UInt16 = 0
    /// Records that wait for their other half, in order; zero when there are none.
    var firstPending: UInt32 = 0
    var lastPending: UInt32 = 0
    var pendingCount: UInt16 = 0
    /// SMB: the tree of named pipes, and the mark of the request that asked for it; zero before. They stand where they
    /// fill gaps: a slot is four cache lines.
    var pipeTree: UInt32 = 0
    var toServer = StreamDirection()
    var pipeRequest: UInt32 = 0
    var toClient = StreamDirection()
    /// Functions, operations or commands that the connection has used: those below 64 by their bit.
    var used: UInt64 = 0

    /// Notes the use of a number; true the first time. Numbers above 63, which are rare, are new every time.
    mutating func isFirstUse(of number: Int) -> Bool {
        guard number < 64 else { return true }
        let bit: UInt64 = 1 << UInt64(number)
        defer { used |= bit }
        return used & bit == 0
    }

    /// Whether both payload heads are full.
    var headsAreFull: Bool {
        Int(toServerHeadCount) == Self.headLength && Int(toClientHeadCount) == Self.headLength
    }

    /// Appends to the head of one direction.
    mutating func appendHead(_ bytes: ApplicationReader, toServer: Bool) {
        var reader = bytes
        if toServer {
            while Int(toServerHeadCount) < Self.headLength, let byte = reader.uint8() {
                toServerHead[Int(toServerHeadCount)] = byte
                toServerHeadCount += 1
            }
        } else {
            while Int(toClientHeadCount) < Self.headLength, let byte = reader.uint8() {
                toClientHead[Int(toClientHeadCount)] = byte
                toClientHeadCount += 1
            }
        }
    }

    /// What the payload of one direction begins with.
    func greeting(toServer: Bool) -> Greeting {
        withHead(toServer: toServer, limit: 4) { Greeting(ApplicationReader($0)) }
    }

    /// Hands out a copy of the first `limit` bytes of one direction.
    func withHead<Result>(toServer: Bool, limit: Int = headLength, _ body: (UnsafeRawBufferPointer) -> Result) -> Result
    {
        let head = toServer ? toServerHead : toClientHead
        let count = min(limit, Int(toServer ? toServerHeadCount : toClientHeadCount))
        return withUnsafeBytes(of: head) { body(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
    }
}
