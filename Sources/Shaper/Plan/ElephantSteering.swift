// Gives long flows paths by room instead of by luck.

/// Places long flows one by one where each finds the largest share, given the others.
///
/// Hashing few long flows over few paths leaves some path crowded and some idle; that luck decides how much of the
/// capacity is used. Per-flow placement removes it.
enum ElephantSteering {
    /// A new place must offer this much more than the present one, or the flow stays: a move costs the flow a slowdown.
    private static let gainToPlace = 1.2
    private static let gainToMove = 1.5

    /// Decides placements for the long flows that are known.
    ///
    /// - Parameters:
    ///   - elephants: Long flows; the result depends on their order, which is that of the flow table.
    ///   - room: Bit/s that each path has for elastic traffic.
    ///   - mayMove: Whether one flow that has its place already may get another.
    static func placements(
        _ elephants: [Elephant], room: PathVector, paths: Int, mayMove: Bool
    ) -> [FlowPlacement] {
        var counts = PathVector()
        for elephant in elephants { counts[elephant.path] += 1 }
        var placements: [FlowPlacement] = []
        for elephant in elephants where !elephant.placed {
            counts[elephant.path] -= 1
            var best = elephant.path
            for path in 0..<paths where room[path] / (counts[path] + 1) > room[best] / (counts[best] + 1) {
                best = path
            }
            let present = room[elephant.path] / (counts[elephant.path] + 1)
            if room[best] / (counts[best] + 1) < gainToPlace * present { best = elephant.path }
            counts[best] += 1
            placements.append(FlowPlacement(flow: elephant.flow, path: best))
        }
        if mayMove, placements.isEmpty, let move = move(elephants, room: room, counts: counts, paths: paths) {
            placements.append(move)
        }
        return placements
    }

    private static func move(
        _ elephants: [Elephant], room: PathVector, counts: PathVector, paths: Int
    ) -> FlowPlacement? {
        var crowded: Int?
        var roomy = 0
        for path in 0..<paths {
            if counts[path] > 0, crowded.map({ room[path] / counts[path] < room[$0] / counts[$0] }) ?? true {
                crowded = path
            }
            if room[path] / (counts[path] + 1) > room[roomy] / (counts[roomy] + 1) { roomy = path }
        }
        guard let from = crowded, from != roomy,
            room[roomy] / (counts[roomy] + 1) > gainToMove * room[from] / counts[from]
        else { return nil }
        return elephants.first { $0.path == from }.map { FlowPlacement(flow: $0.flow, path: roomy) }
    }
}
