// Telling DNS messages from other bytes.

import NetTypes

extension DNSMessage {
    /// Ports that DNS, mDNS and LLMNR have for themselves.
    static func isPort(_ port: UInt16) -> Bool {
        port == 53 || port == 5353 || port == 5355
    }

    /// Whether a payload on a DNS port can be a DNS message: a known operation, and no more entries than fit.
    ///
    /// - Parameters:
    ///   - message: the captured bytes from the header on.
    ///   - wireLength: length of the message on the wire.
    static func isPlausible(_ message: ApplicationReader, wireLength: Int) -> Bool {
        var reader = message
        guard reader.skip(2), let flags = reader.uint16(), let questions = reader.uint16(),
            let answers = reader.uint16(), let authorities = reader.uint16(), let additional = reader.uint16()
        else { return false }
        let operation = flags >> 11 & 15
        guard operation <= 6, operation != 3 else { return false }
        // The shortest question is 5 bytes (root, type, class), the shortest record 11.
        let records = Int(answers) + Int(authorities) + Int(additional)
        return headerLength + 5 * Int(questions) + 11 * records <= wireLength
    }

    /// Whether a payload on any port is, beyond chance, a DNS query: a standard query with one question, a valid name
    /// and a known type and class.
    static func isCertainQuery(_ message: ApplicationReader, wireLength: Int) -> Bool {
        var reader = message
        guard reader.skip(2), let flags = reader.uint16(), let questions = reader.uint16(),
            let answers = reader.uint16(), let authorities = reader.uint16(), let additional = reader.uint16()
        else { return false }
        // Only recursion desired, authentic data and checking disabled may be set in a query.
        guard flags & ~0x0130 == 0, questions == 1, answers == 0, authorities == 0, additional <= 2 else {
            return false
        }
        var name = DNSName()
        guard name.read(&reader), name.text.count > 0, let type = reader.uint16(), let classCode = reader.uint16(),
            type != 0, type <= 65 || (type >= 249 && type <= 257)
        else { return false }
        guard classCode == 1 || classCode == 3 || classCode == 255 else { return false }
        return additional > 0 || reader.offset == wireLength
    }
}
