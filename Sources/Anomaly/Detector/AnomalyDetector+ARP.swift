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
        if owner.isNew { known[owner.place] = UInt32(truncatingIfNeeded: message.senderIP.low) | 1 }
        guard !binding.isNew, before != short else { return }
        let own = known[owner.place]
        let isTakeover = own != UInt32(truncatingIfNeeded: message.senderIP.low) | 1
        let value: Float = (isTakeover ? 5 : 3.5) - (confirmations > 3 ? 1 : 0)
        // The low word of an owner's address tells hosts of one network apart; ARP exists for IPv4 only.
        let attacker = isTakeover ? addressOfOwner(own, near: message.senderIP) : message.senderIP
        raiseBinding(value, attacker: attacker, victim: message.senderIP)
        if message.targetIP.low != 0, message.targetIP != message.senderIP {
            let target = host(mixer.key(message.targetIP), isInside: message.targetIP.isPrivate)
            note(.bindingChange, host: target, value, 1)
        }
    }

    /// The owner's address from the word kept of it: its lowest bit was given up to mark the entry as used.
    private func addressOfOwner(_ word: UInt32, near other: IPAddress) -> IPAddress {
        let even = IPAddress(v4: word & ~1)
        let odd = IPAddress(v4: word)
        let isOddKnown = hosts.find(mixer.key(odd)) != nil
        let isEvenKnown = hosts.find(mixer.key(even)) != nil
        if isOddKnown != isEvenKnown { return isOddKnown ? odd : even }
        return odd == other ? even : odd
    }

    private func raiseBinding(_ value: Float, attacker: IPAddress, victim: IPAddress) {
        let attackerKey = mixer.key(attacker)
        let victimKey = mixer.key(victim)
        let first = host(attackerKey, isInside: attacker.isPrivate)
        let second = host(victimKey, isInside: victim.isPrivate)
        note(.bindingChange, host: first, value, 1)
        note(.bindingChange, host: second, value, 1)
        let keys = FlowKeys(arp: attacker, victim, mixer)
        assess(keys, start: now, unanswered: false, isNewLink: false, event: nil, isBurst: false)
    }
}
