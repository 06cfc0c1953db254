// What is the same in every line of an EVE log.

import NetTypes

/// What every line says about where it comes from, and which types of lines are written.
public struct EVEOptions: Sendable {
    /// Event types to write.
    public var types = EVEEventTypes.all
    /// Name of the sensor (`host`), if it has one.
    public var host: String?
    /// Interface of a live capture (`in_iface`).
    public var interface: String?
    /// File of a replay (`pcap_filename`).
    public var captureFile: String?
    public var communityIDSeed: UInt16 = 0
    /// Which addresses are the site's own: the direction of a conversation.
    public var homeNetworks = HomeNetworks.privateAlone

    public init() {}
}
