// Means by which a host is worked on from afar: shares, named pipes and interfaces of SMB and DCE/RPC.

import NetTypes

extension AnomalyDetector {
    /// Notes the first use of a means of remote work between inside hosts, by how rarely its user takes to new ones. What runs
    /// programs or changes settings counts in full, anything else two fifths. The port says that a host speaks to another one as
    /// to a server; the means says that it makes it do something. What comes while memories fill says nothing.
    ///
    /// Interfaces and pipes by Microsoft's Open Specifications: MS-SCMR (services), MS-TSCH (tasks), MS-RRP (registry), MS-DCOM and
    /// MS-WMI (objects, management), MS-EFSR, MS-RSP (shutdown).
    func noteRemoteUse(_ fields: FieldReader, _ keys: FlowKeys, _ link: Int, grace: Bool) {
        guard keys.clientIsInside, keys.serverIsInside else { return }
        var best: Float = 0
        var isNamed = false
        for field in fields {
            let (means, isDecisive): (UInt64, Bool)
            switch field.name {
            case .smbShare:
                let share = Self.lastPart(field.value)
                // C$, ADMIN$ and the like; IPC$ only leads to pipes.
                means = mixer.key(share, folded: true)
                isDecisive = share.last == UInt8(ascii: "$") && share.first.map { $0 | 0x20 } != UInt8(ascii: "i")
            case .smbPipe:
                let pipe = Self.lastPart(field.value)
                means = mixer.key(pipe, folded: true)
                isDecisive = Self.decisivePipes.contains { Self.equals(pipe, $0) }
            case .rpcInterface where field.value.count >= 16:
                means = mixer.key(UnsafeRawBufferPointer(rebasing: field.value[..<16]))
                isDecisive = Self.decisiveInterfaces.contains(Self.head(field.value))
            default: continue
            }
            isNamed = true
            let own = noveltyKey(.remoteMeans, of: KeyMixer.combine(means, keys.clientKey))
            let entry = known.insert(own, now)
            known[entry.place] = now
            let value = novelty(.remoteMeans, isNew: entry.isNew, for: keys.clientKey, grace: grace)
            best = max(best, isDecisive ? value : 0.4 * value)
        }
        // What uses nothing by name is a look at which nothing is new.
        if !isNamed { _ = novelty(.remoteMeans, isNew: false, for: keys.clientKey, grace: grace) }
        guard !isWarmingUp else { return }
        note(.remoteMeans, link: link, best, 1)
    }

    private static let decisivePipes: [StaticString] = ["svcctl", "atsvc", "winreg", "initshutdown", "efsrpc"]

    /// The first eight bytes of each interface, which are its own: svcctl, atsvc, SASec, ITaskSchedulerService, winreg,
    /// IRemoteSCMActivator, IActivation, IWbemServices, IWbemLevel1Login, efsrpc (twice), InitShutdown.
    private static let decisiveInterfaces: [UInt64] = [
        0x367a_bb81_9844_35f1, 0x1ff7_0682_0a51_30e8, 0x378e_52b0_c0a9_11cf, 0x86d3_5949_83c9_4044,
        0x338c_d001_2244_31f1,
        0x0000_01a0_0000_0000, 0x4d9f_4ab8_7d1c_11cf, 0x9556_dc99_828c_11cf, 0xf309_ad18_d86a_11d0,
        0xc681_d488_d850_11d0,
        0xdf19_41c5_fe89_4e79, 0x894d_e0c0_0d55_11d3,
    ]

    private static func head(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self))
    }

    /// What stands behind the last backslash.
    private static func lastPart(_ path: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        let start = path.lastIndex(of: UInt8(ascii: "\\")).map { $0 + 1 } ?? 0
        return UnsafeRawBufferPointer(rebasing: path[start...])
    }

    private static func equals(_ bytes: UnsafeRawBufferPointer, _ name: StaticString) -> Bool {
        bytes.count == name.utf8CodeUnitCount
            && bytes.indices.allSatisfy { bytes[$0] | 0x20 == name.utf8Start[$0] | 0x20 }
    }
}
