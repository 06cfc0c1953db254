// Recognises FTP and SMTP by what their clients say first.

import NetTypes

extension ProtocolRecognition {
    /// Looks at the first bytes of one direction; only a client's say something.
    static func ofLines(
        _ bytes: ApplicationReader, _ interests: ApplicationInterests, _ ports: (UInt16, UInt16), _ other: Greeting
    ) -> ProtocolRecognition {
        var isUndecided = false
        if interests.wantsToKnow(.smtp) {
            for opening in ["EHLO ", "HELO ", "LHLO "] as [StaticString] {
                let common = commonPrefix(bytes, opening)
                if common == opening.utf8CodeUnitCount { return .match(.smtp) }
                if common > 0, common == bytes.remaining { isUndecided = true }
            }
        }
        // POP3 has a USER too; its server greets in another way.
        let mayBeFTP = other == .ready || (other == .none && (ports.0 == 21 || ports.1 == 21))
        if mayBeFTP, interests.wantsToKnow(.ftp) {
            for opening in ["USER ", "AUTH TLS", "AUTH SSL", "FEAT\r", "FEAT\n"] as [StaticString] {
                let common = commonPrefix(bytes, opening)
                if common == opening.utf8CodeUnitCount { return .match(.ftp) }
                if common > 0, common == bytes.remaining { isUndecided = true }
            }
        }
        return isUndecided ? .undecided : .none
    }

    /// How many bytes agree with the beginning of `text`, given in upper case, whatever their own case.
    private static func commonPrefix(_ bytes: ApplicationReader, _ text: StaticString) -> Int {
        text.withUTF8Buffer { expected in
            var count = 0
            while count < expected.count, let byte = bytes.peek(count),
                byte.lowercasedASCII == expected[count].lowercasedASCII
            {
                count += 1
            }
            return count
        }
    }
}
