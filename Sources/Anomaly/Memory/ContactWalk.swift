// Whether a host knows whom it turns to.

import Learning

/// A sequential test of a host's first contacts: does it fail as a scanner does, or as its network does?
///
/// Every first contact with a port of a peer is a success or a failure. The logarithm of the likelihood ratio of "scans"
/// to "knows its peers" walks up with failures and down with successes, never below zero (threshold random walk: Jung,
/// Paxson, Berger and Balakrishnan, Fast portscan detection using sequential hypothesis testing, IEEE S&P 2004; bounded
/// below as in Page's CUSUM, Biometrika 41, 1954). No time enters, so a scan may be as slow as it likes. The rate of success of
/// hosts that know their peers is learned from the host and its network.
struct ContactWalk {
    /// Success of a scanner's contacts.
    private static let blindSuccess = 0.2
    /// Bounds of what is believed of ordinary contacts, so that few observations or a bad day cannot turn the test around.
    private static let leastKnown = 0.5
    private static let mostKnown = 0.95

    private var successes: Float = 0
    private var contacts: Float = 0
    /// The present height in natural logarithms.
    private(set) var height: Float = 0

    /// Takes note of a first contact.
    ///
    /// - Parameters:
    ///   - network: the same of the whole network, for hosts of which little is known.
    ///   - learns: whether the outcome may shape what is believed of ordinary contacts.
    mutating func note(isAnswered: Bool, network: inout ContactWalk, learns: Bool) {
        let prior = (network.successes + 8) / (network.contacts + 10)
        let believed = Double((successes + 8 * prior) / (contacts + 8))
        let known = min(Self.mostKnown, max(Self.leastKnown, believed))
        let ratio = isAnswered ? Self.blindSuccess / known : (1 - Self.blindSuccess) / (1 - known)
        height = min(60, max(0, height + Float(PortableMath.log(ratio))))
        guard learns else { return }
        count(isAnswered)
        network.count(isAnswered)
    }

    private mutating func count(_ isAnswered: Bool) {
        if contacts >= 4096 {
            contacts *= 0.5
            successes *= 0.5
        }
        contacts += 1
        if isAnswered { successes += 1 }
    }
}
