// What an interface does to packets before they are captured, in words.

import CLinux

/// Explains offloads that make a capture differ from what was on the wire.
enum InterfaceAdvice {
    static func lines(_ name: String, _ offload: lepton_offload) -> [String] {
        var lines: [String] = []
        var joining: [String] = []
        if offload.gro > 0 { joining.append("gro") }
        if offload.lro > 0 { joining.append("lro") }
        if !joining.isEmpty {
            let switches = joining.map { "\($0) off" }.joined(separator: " ")
            lines.append(
                "\(name): the interface joins segments before they are captured (\(joining.joined(separator: ", "))): "
                    + "packets are fewer and longer than on the wire, bytes are right; `ethtool -K \(name) \(switches)` "
                    + "shows them as sent")
        }
        if offload.tso > 0 || offload.transmit_checksum > 0 {
            lines.append(
                "\(name): what this machine sends itself is captured before the hardware divides it and adds checksums; "
                    + "checksums are not judged here, so nothing is taken for damaged")
        }
        return lines
    }
}
