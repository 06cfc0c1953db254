// Where the optional models meet the detector.

import NetTypes

extension AnomalyDetector {
    /// Notes what the models of flow shapes say of a record, and lets them learn it when it may be learned.
    func consult(_ shape: FlowShape, _ keys: FlowKeys, _ tuple: Int, learns: Bool) {
        guard !shapeModels.isEmpty else { return }
        shapeModels.score(shape, keys) { feature, score in note(feature, tuple: tuple, score, score) }
        if learns { shapeModels.learn(shape, keys, now) }
    }

    /// Adds to a count of an inside host's minute, and judges the minute before when it is over.
    func count(_ count: HostSeries.Count, _ amount: Float = 1, of key: UInt64, isInside: Bool) {
        guard let series, let forecast, isInside else { return }
        let place = series.insert(key, now).place
        if let (before, minute) = series[place].turn(now) {
            let host = host(key, isInside: true)
            let score = forecast.score(series: before, minute: minute)
            note(.unforeseen, host: host, score, score)
            if !isGuarded(host) { forecast.add(series: before, minute: minute) }
        }
        series[place].add(count, amount)
    }

    /// Counts a new flow for both hosts' minutes.
    func countStart(_ keys: FlowKeys, isNewLink: Bool) {
        guard series != nil else { return }
        count(.starts, of: keys.clientKey, isInside: keys.clientIsInside)
        if isNewLink { count(.newPeers, of: keys.clientKey, isInside: keys.clientIsInside) }
        count(.asked, of: keys.serverKey, isInside: keys.serverIsInside)
    }

    /// Counts a closed record's bytes for both hosts' minutes.
    func countRecord(_ keys: FlowKeys, _ flow: FlowRecord) {
        guard series != nil else { return }
        let (up, down) = (Float(flow.toServer.payloadBytes), Float(flow.toClient.payloadBytes))
        count(.records, of: keys.clientKey, isInside: keys.clientIsInside)
        count(.bytesUp, up, of: keys.clientKey, isInside: keys.clientIsInside)
        count(.bytesDown, down, of: keys.clientKey, isInside: keys.clientIsInside)
        count(.bytesUp, down, of: keys.serverKey, isInside: keys.serverIsInside)
        count(.bytesDown, up, of: keys.serverKey, isInside: keys.serverIsInside)
    }
}
