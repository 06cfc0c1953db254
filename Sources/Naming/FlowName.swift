// What libndpi calls a flow.

#if NDPI
    import CNDPI

    /// A name by libndpi: a protocol, and what runs on it. Text is `FlowNamer`'s to give.
    public struct FlowName: Sendable {
        let numbers: lepton_flow_name

        /// Whether libndpi knows nothing of the flow.
        public var isUnknown: Bool { numbers.master == 0 && numbers.application == 0 }

        /// libndpi's numbers of the protocol below and of the application, as on the wire of a record: big-endian.
        public var identifiers: UInt32 { UInt32(numbers.master) << 16 | UInt32(numbers.application) }
    }
#endif
