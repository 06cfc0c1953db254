// EVE `ssh` events: one per connection.

import NetTypes

extension EVERenderer {
    func render(ssh fields: FieldIndex, into json: inout JSONWriter) {
        json.beginObject("ssh")
        writeSide("client", .sshClientProtocol, .sshClientSoftware, of: fields, into: &json)
        writeSide("server", .sshServerProtocol, .sshServerSoftware, of: fields, into: &json)
        json.endObject()
    }

    private func writeSide(
        _ key: StaticString, _ version: ApplicationField, _ software: ApplicationField, of fields: FieldIndex,
        into json: inout JSONWriter
    ) {
        guard fields.first(version) != nil || fields.first(software) != nil else { return }
        json.beginObject(key)
        json.member("proto_version", text: version, of: fields)
        json.member("software_version", text: software, of: fields)
        json.endObject()
    }
}
