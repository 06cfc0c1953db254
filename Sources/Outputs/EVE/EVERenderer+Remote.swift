// EVE `rdp`, `ftp` and `smtp` events.

import NetTypes

extension EVERenderer {
    func render(rdp fields: FieldIndex, into json: inout JSONWriter) {
        json.beginObject("rdp")
        if let cookie = fields.first(.rdpCookie) {
            json.member("event_type", "initial_request")
            if !cookie.value.isEmpty { json.member("cookie", escaping: cookie.value) }
        } else {
            json.member("event_type", "initial_response")
        }
        json.endObject()
    }

    func render(ftp fields: FieldIndex, into json: inout JSONWriter) {
        json.beginObject("ftp")
        json.member("command", text: .ftpCommand, of: fields)
        json.member("command_data", text: .ftpArgument, of: fields)
        json.member("completion_code", texts: .ftpCode, of: fields)
        json.member("reply", texts: .ftpReply, of: fields)
        json.member("reply_received", fields.first(.ftpCode) == nil ? "no" : "yes")
        json.endObject()
    }

    func render(smtp fields: FieldIndex, into json: inout JSONWriter) {
        json.beginObject("smtp")
        json.member("helo", text: .smtpGreeting, of: fields)
        json.member("mail_from", text: .smtpFrom, of: fields)
        json.member("rcpt_to", texts: .smtpRecipient, of: fields)
        json.endObject()
    }
}
