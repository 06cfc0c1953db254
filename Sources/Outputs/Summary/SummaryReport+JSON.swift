// The summary as JSON.

import NetTypes

extension SummaryReport {
    /// Appends the summary as one line of JSON: the same content as the text, in exact integers, with sorted rows and
    /// stable keys (`docs/reference/summary.md`).
    public func write(to json: inout JSONWriter) {
        json.beginLine()
        json.member("packets", totals.decode.packets)
        json.member("bytes", totals.decode.bytes)
        if let first = totals.first, let last = totals.last {
            json.member("first", first)
            json.member("last", last)
            json.member("span_ns", max(0, last.nanoseconds - first.nanoseconds))
        }
        writeIncidents(to: &json)
        writeFlows(to: &json)
        write(transports, as: "transports", to: &json)
        write(applications, as: "applications", to: &json)
        json.beginObject("utilisation")
        json.member("start_ns", seriesStart)
        json.member("bucket_ns", bucketWidth)
        write(series, to: &json)
        json.endObject()
        writeHosts(to: &json)
        writeLinks(to: &json)
        writeServices(to: &json)
        writeNetworks(to: &json)
        json.beginObject("faults")
        for fault in DecodeFault.allCases where fault != .none && totals.decode[fault] > 0 {
            json.write(key: fault.name)
            json.buffer.append(decimal: totals.decode[fault])
        }
        json.endObject()
        json.member("lost", lost)
        json.endLine()
    }

    private func writeFlows(to json: inout JSONWriter) {
        json.beginObject("flows")
        json.member("opened", totals.table.opened)
        json.beginObject("ended")
        for reason in FlowEndReason.allCases {
            json.write(key: reason.name)
            json.buffer.append(decimal: totals.table[reason])
        }
        json.endObject()
        json.endObject()
    }

    private func write(_ shares: [Share], as key: StaticString, to json: inout JSONWriter) {
        json.beginArray(key)
        for share in shares {
            json.beginObject()
            json.member("name", share.name)
            json.member("flows", share.traffic.flows)
            json.member("packets", share.traffic.packets)
            json.member("bytes", share.traffic.bytes)
            json.endObject()
        }
        json.endArray()
    }

    private func writeHosts(to json: inout JSONWriter) {
        json.beginArray("hosts")
        for host in hosts {
            json.beginObject()
            json.member("ip", host.address)
            json.member("sent_bytes", host.sent)
            json.member("received_bytes", host.received)
            json.member("packets", host.packets)
            json.member("flows", host.flows)
            json.member("peers", host.peers)
            json.member("exact", host.isExact)
            json.endObject()
        }
        json.endArray()
    }

    private func writeLinks(to json: inout JSONWriter) {
        json.beginArray("links")
        for link in links {
            json.beginObject()
            json.member("first_ip", link.first)
            json.member("second_ip", link.second)
            json.member("first_to_second_bytes", link.forwardBytes)
            json.member("second_to_first_bytes", link.backwardBytes)
            json.member("packets", link.packets)
            json.member("flows", link.flows)
            json.member("error_bytes", link.error)
            write(link.series, to: &json)
            json.endObject()
        }
        json.endArray()
    }

    private func writeServices(to json: inout JSONWriter) {
        json.beginArray("services")
        for service in services {
            json.beginObject()
            json.member("name", service.name)
            json.member("proto_number", service.key.transport)
            json.member("port", service.key.port)
            json.member("app_proto", service.key.application.name)
            json.member("flows", service.flows)
            json.member("packets", service.packets)
            json.member("bytes", service.bytes)
            json.member("error_bytes", service.error)
            write(service.series, to: &json)
            json.endObject()
        }
        json.endArray()
    }

    private func writeNetworks(to json: inout JSONWriter) {
        json.beginObject("round_trip")
        json.member("handshakes", handshakes)
        json.member("median_us", medianRoundTrip)
        json.member("p95_us", highRoundTrip)
        json.endObject()
        write(slowest, as: "slowest_networks", to: &json)
        write(lossiest, as: "lossiest_networks", to: &json)
    }

    private func write(_ networks: [Network], as key: StaticString, to json: inout JSONWriter) {
        json.beginArray(key)
        for network in networks {
            json.beginObject()
            json.member("network", network.name)
            json.member("handshakes", network.handshakes)
            json.member("median_us", network.median)
            json.member("p95_us", network.high)
            json.member("segments", network.segments)
            json.member("retransmissions", network.retransmissions)
            json.endObject()
        }
        json.endArray()
    }

    private func write(_ series: [Float], to json: inout JSONWriter) {
        json.beginArray("bytes_over_time")
        for value in series { json.element(Int64(value.rounded())) }
        json.endArray()
    }
}
