// The one door to libndpi: names of flows from their first packets.

#if NDPI
    import CNDPI
    import NetTypes

    /// Lets libndpi look at the first packets of flows (nDPI 4.2: Deri, Martinelli, Bujlow and Cardigliano, nDPI:
    /// Open-Source High-Speed Deep Packet Inspection, IWCMC 2014).
    ///
    /// libndpi remembers across flows, so names depend on what else a namer has seen, and in which order: each shard has
    /// one of its own. Its tables, 5 MB, are made for the first packet. One thread at a time calls it.
    public final class FlowNamer {
        /// A flow that is being looked at.
        public typealias Flow = OpaquePointer

        /// Packets with payload after which content has had its chance: an application that names itself does so within a
        /// few, a login in the clear takes longer.
        private static let mostSegments = 40
        private static let mostDatagrams = 24

        /// Bytes that flows may make libndpi allocate at a time.
        private let memory: Int
        private var namer: OpaquePointer?
        private var packet = RebuiltPacket()

        /// - Parameter memory: bytes for flows that are being looked at; beside them libndpi's tables.
        public init(memory: Int) {
            self.memory = memory
        }

        deinit {
            if let namer { lepton_namer_free(namer) }
        }

        /// Whether flows of this IP protocol are named.
        public static func names(_ transport: UInt8) -> Bool {
            transport == IPProtocol.tcp || transport == IPProtocol.udp
        }

        /// Whether a flow with so many packets has been looked at for long enough.
        public static func isEnough(_ packets: Int, of transport: UInt8) -> Bool {
            packets >= (transport == IPProtocol.tcp ? mostSegments : mostDatagrams)
        }

        /// Begins to look at a flow; nil when memory is used up.
        public func open() -> Flow? {
            guard let namer = prepared(), lepton_namer_bytes(namer) < memory else { return nil }
            return lepton_namer_open(namer)
        }

        /// Shows a packet.
        ///
        /// - Returns: whether further packets may tell more.
        public func show(_ summary: borrowing PacketSummary, to flow: Flow) -> Bool {
            let time = UInt64(max(0, summary.time.nanoseconds / 1_000_000))
            let bytes = packet.rebuild(summary)
            return lepton_namer_feed(
                namer, flow, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), UInt16(bytes.count), time)
        }

        /// What is known by now; the flow goes on.
        public func name(of flow: Flow) -> FlowName {
            FlowName(numbers: lepton_namer_name(namer, flow))
        }

        /// Ends looking at a flow, and frees what was kept for it.
        ///
        /// - Returns: its name. Where content gave none, ports and addresses may have.
        public func conclude(_ flow: Flow) -> FlowName {
            defer { lepton_namer_close(namer, flow) }
            return FlowName(numbers: lepton_namer_conclude(namer, flow))
        }

        /// Stages a name for the flow event that is appended next.
        public func stage(_ name: FlowName, in events: EventBuffer) {
            guard !name.isUnknown else { return }
            withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(lepton_flow_name_length)) { text in
                lepton_namer_text(namer, name.numbers, text.baseAddress)
                stage(text.baseAddress, as: .flowName, in: events)
            }
            withUnsafeBytes(of: name.identifiers.bigEndian) { events.stage(.flowNameNumbers, $0) }
            stage(lepton_namer_category(namer, name.numbers), as: .flowNameCategory, in: events)
            stage(lepton_namer_confidence(name.numbers), as: .flowNameConfidence, in: events)
        }

        private func stage(_ text: UnsafePointer<CChar>?, as field: ApplicationField, in events: EventBuffer) {
            guard let text else { return }
            var length = 0
            while text[length] != 0 { length += 1 }
            events.stage(field, UnsafeRawBufferPointer(start: text, count: length))
        }

        private func prepared() -> OpaquePointer? {
            if namer == nil {
                namer = lepton_namer_make()
                precondition(namer != nil, "libndpi is another version than this program was built with")
            }
            return namer
        }
    }
#endif
