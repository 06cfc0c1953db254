// ARP: who claims whose address.

import NetTypes

extension AnomalyDetector {
    /// Notes that an address moved to the hardware address of another host, which is what a man in the middle does.
    func arp(_ message: ARPMessage) {
        guard message.senderIP.low != 0, message.senderIP != message.targetIP || message.operation == 2 else { return }
        let claimed = mixer.key(message.senderIP)
        let binding = known.insert(KeyMixer.combine(claimed, 21 << 32), now)
        let mac = mixer.key(message.senderMAC.bits, 22)
        let short = UInt32(truncatingIfNeeded: mac >> 32) | 1
        let before = known[binding.place]
        known[binding.place] = short
        // How many looks this pair of addresses has had.
        let pair = known.insert(KeyMixer.combine(claimed, mac), now)
        let confirmations = known[pair.place]
        known[pair.place] = min(1000, confirmations + 1)
        // The address that this hardware address spoke for first.
        let owner = known.insert(KeyMixer.combine(mac, 23 << 32), now)
        if owner.isNew { known[owner.place] = UInt32(truncatingIfNeeded: message.senderIP.low) }
        // The hardware address that this address was first seen at. Its return is the end of a takeover, not another one.
        let rightful = known.insert(KeyMixer.combine(claimed, 24 << 32), now)
        if rightful.isNew { known[rightful.place] = short }
        guard !binding.isNew, before != short, known[rightful.place] != short else { return }
        let own = known[owner.place]
        let isTakeover = own != UInt32(truncatingIfNeeded: message.senderIP.low)
        let value: Float = (isTakeover ? 5 : 3.5) - (confirmations > 3 ? 1 : 0)
        // ARP exists for IPv4 only, so the low word is the owner's whole address.
        let attacker = isTakeover ? IPAddress(v4: own) : message.senderIP
        raiseBinding(value, attacker: attacker, victim: message.senderIP)
        if message.targetIP.low != 0, message.targetIP != message.senderIP {
            let target = host(mixer.key(message.targetIP), isInside: home.contain(message.targetIP))
            note(.bindingChange, host: target, value, 1)
        }
    }

    /// Notes which address a hardware address speaks for in IP, so that a host which never asked by ARP is still known when
    /// it takes over another's address. Only the first address counts: a router brings many.
    func noteOwner(_ mac: MACAddress, _ address: IPAddress) {
        guard !mac.isGroup, mac.bits != 0, !address.isIPv6 else { return }
        let owner = known.insert(KeyMixer.combine(mixer.key(mac.bits, 22), 23 << 32), now)
        if owner.isNew { known[owner.place] = UInt32(truncatingIfNeeded: address.low) }
    }

    private func raiseBinding(_ value: Float, attacker: IPAddress, victim: IPAddress) {
        let attackerKey = mixer.key(attacker)
        let victimKey = mixer.key(victim)
        let first = host(attackerKey, isInside: home.contain(attacker))
        let second = host(victimKey, isInside: home.contain(victim))
        note(.bindingChange, host: first, value, 1)
        note(.bindingChange, host: second, value, 1)
        let keys = FlowKeys(arp: attacker, victim, mixer, home)
        assess(keys, start: now, unanswered: false, isNewLink: false, event: nil, isBurst: false)
    }
}
