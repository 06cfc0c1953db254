// Many logins within a minute: what guessing passwords looks like from outside.

import NetTypes

extension AnomalyDetector {
    /// Counts connections to a port that people log in on. One at a time is how people and programs use them; what is
    /// ordinary among pages, where one visit is many connections, is not ordinary here, so it is counted apart.
    ///
    /// - Parameter minute: connections of the tuple within a minute.
    func noteLogins(_ keys: FlowKeys, _ tuple: Int, minute: Int, isGuarded: Bool) {
        guard keys.transport == IPProtocol.tcp, Self.isLoginPort(keys.serverPort) else { return }
        let owner = KeyMixer.combine(keys.serverHistory, 52 << 32 | keys.serviceCode)
        note(.logins, tuple: tuple, excess(.logins, count: minute, owner: owner, isGuarded: isGuarded), Float(minute))
    }

    /// FTP, SSH, Telnet, POP3, IMAP, SMTP submission, SQL servers, RDP, VNC, WinRM.
    private static func isLoginPort(_ port: UInt16) -> Bool {
        switch port {
        case 21, 22, 23, 110, 143, 465, 587, 993, 995, 1433, 3306, 3389, 5432, 5900, 5985, 5986: true
        default: false
        }
    }
}
