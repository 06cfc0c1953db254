// Many logins within a minute: what guessing passwords looks like from outside.

import NetTypes

extension AnomalyDetector {
    /// Counts connections to a port that people log in on. One at a time is how people and programs use them; what is
    /// ordinary among pages, where one visit is many connections, is not ordinary here, so it is counted apart. Several at
    /// once count threefold: tools that guess open them in parallel, and ordinary logins hardly vary.
    ///
    /// - Parameter counts: connections of the tuple within ten seconds and within a minute.
    func noteLogins(_ keys: FlowKeys, _ tuple: Int, counts: (short: Int, minute: Int), isGuarded: Bool) {
        guard keys.transport == IPProtocol.tcp, Self.isLoginPort(keys.serverPort) else { return }
        let place = past(.logins, of: KeyMixer.combine(keys.serverHistory, 52 << 32 | keys.serviceCode))
        let minute = pastLevel(.logins, count: counts.minute, at: place, isGuarded: isGuarded)
        let atOnce = past(.logins, of: KeyMixer.combine(keys.serverHistory, 53 << 32 | keys.serviceCode))
        let short = pastLevel(.logins, count: counts.short, at: atOnce, isGuarded: isGuarded)
        let values = (
            short: 3 * (CountLogarithm.of(counts.short) - 0.6 * short),
            minute: CountLogarithm.of(counts.minute) - 0.6 * minute
        )
        note(.logins, tuple: tuple, max(values.short, values.minute), Float(counts.minute))
    }

    /// FTP, SSH, Telnet, POP3, IMAP, SMTP submission, SQL servers, RDP, VNC, WinRM.
    private static func isLoginPort(_ port: UInt16) -> Bool {
        switch port {
        case 21, 22, 23, 110, 143, 465, 587, 993, 995, 1433, 3306, 3389, 5432, 5900, 5985, 5986: true
        default: false
        }
    }
}
