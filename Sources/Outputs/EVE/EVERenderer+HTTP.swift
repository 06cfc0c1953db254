// EVE `http` events: one per exchange of HTTP/1.

import NetTypes

extension EVERenderer {
    func render(http fields: FieldIndex, into json: inout JSONWriter) {
        json.beginObject("http")
        json.member("hostname", text: .httpHost, of: fields)
        json.member("url", text: .httpPath, of: fields)
        json.member("http_user_agent", text: .httpUserAgent, of: fields)
        json.member("http_content_type", text: .httpContentType, of: fields)
        json.member("http_refer", text: .httpReferrer, of: fields)
        json.member("http_method", text: .httpMethod, of: fields)
        json.member("protocol", text: .httpVersion, of: fields)
        json.member("status", integer: .httpStatus, of: fields)
        json.member("redirect", text: .httpRedirect, of: fields)
        if let length = fields.first(.httpContentLength) {
            // The field is a sender's claim; what exceeds the log's largest integer is written as that.
            json.member("length", min(length.integer, UInt64(Int64.max)))
        }
        writeHeaderOrder(fields, into: &json)
        json.endObject()
    }

    /// The names of the request's header lines in their order, which tells programs apart.
    private func writeHeaderOrder(_ fields: FieldIndex, into json: inout JSONWriter) {
        guard let order = fields.first(.httpHeaderOrder), !order.value.isEmpty else { return }
        json.beginArray("request_headers")
        var start = 0
        while start <= order.value.count {
            var end = start
            while end < order.value.count, order.value[end] != UInt8(ascii: ",") { end += 1 }
            json.beginObject()
            json.member("name", escaping: UnsafeRawBufferPointer(rebasing: order.value[start..<end]))
            json.endObject()
            start = end + 1
        }
        json.endArray()
    }
}
