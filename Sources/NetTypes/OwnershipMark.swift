// How objects in the kernel are told to be ours.

/// What marks everything that leptonnet makes in the kernel, so that nothing else is ever taken away.
public enum OwnershipMark {
    /// Names of nftables tables begin so; hexadecimal digits of the decision follow.
    public static let tablePrefix = "leptonnet_"
    /// Major number of root queues.
    public static let queueHandle = "1e97:"
    /// Routing protocol of nexthops and routes: 5 to 255 are free to choose from, but for those that daemons took
    /// (rtnetlink(7)).
    public static let routingProtocol = 171
}
