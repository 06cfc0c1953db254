// Whether a certificate has the name that was asked for.

import NIOCore
import NIOSSL

extension SecureStream {
    /// Checks the name of the other end's certificate once more.
    ///
    /// NIOSSL takes a certificate that has the address which was connected to, also when a name was asked for. Who
    /// names a server wants that name (RFC 6125 section 6.2): the address alone is not enough.
    ///
    /// - Throws: `SecureStreamError` with code `untrusted`.
    func checkName(_ name: String, of channel: any Channel) throws(SecureStreamError) {
        guard (try? SocketAddress(ipAddress: name, port: 0)) == nil else { return }
        let found = Result { try channel.nioSSL_peerCertificate().wait() }
        guard case .success(let certificate?) = found else {
            throw SecureStreamError(.untrusted, "the other end has shown no certificate")
        }
        let names = certificate._subjectAlternativeNames()
        guard names.contains(where: { $0.nameType == .ipAddress }) else { return }
        let isNamed = names.contains { entry in
            entry.nameType == .dnsName && Self.matches(Array(entry.contents), Array(name.utf8))
        }
        guard isNamed else {
            throw SecureStreamError(
                .untrusted, "the TLS handshake failed: the other end's certificate has another name than \(name)")
        }
    }

    /// Whether a name of a certificate covers a host: the same letters in any case, or `*` for the whole first label.
    static func matches(_ pattern: [UInt8], _ host: [UInt8]) -> Bool {
        let pattern = labels(pattern)
        let host = labels(host)
        guard pattern.count == host.count, let first = pattern.first, pattern.dropFirst() == host.dropFirst() else {
            return false
        }
        return first == host[0] || (first == [UInt8(ascii: "*")] && pattern.count > 2)
    }

    /// The labels in lower case; a dot at the end says nothing.
    private static func labels(_ name: [UInt8]) -> [[UInt8]] {
        let lower = name.map { (65...90).contains($0) ? $0 | 0x20 : $0 }
        let trimmed = lower.last == UInt8(ascii: ".") ? lower.dropLast() : lower[...]
        return trimmed.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).map(Array.init)
    }
}
