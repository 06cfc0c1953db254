// EVE `modbus`, `mqtt` and `snmp` events: the talk of machines.

import NetTypes

extension EVERenderer {
    func render(modbus fields: FieldIndex, into json: inout JSONWriter) {
        json.beginObject("modbus")
        json.member("id", integer: .modbusTransaction, of: fields)
        json.beginObject(fields.first(.modbusException) == nil ? "request" : "response")
        json.member("transaction_id", integer: .modbusTransaction, of: fields)
        json.member("unit_id", integer: .modbusUnit, of: fields)
        let function = fields.first(.modbusFunction)?.integer ?? 0
        json.member("function_raw", function)
        if let name = Self.functionName(function) { json.member("function_code", name) }
        if let exception = fields.first(.modbusException) {
            json.beginObject("exception")
            json.member("raw", exception.integer)
            json.endObject()
        } else if [1, 2, 3, 4].contains(function) {
            json.beginObject("read")
            json.member("address", integer: .modbusAddress, of: fields)
            json.member("quantity", integer: .modbusQuantity, of: fields)
            json.endObject()
        } else if fields.first(.modbusAddress) != nil {
            json.beginObject("write")
            json.member("address", integer: .modbusAddress, of: fields)
            json.endObject()
        }
        json.endObject()
        json.endObject()
    }

    /// Names of the public functions (Modbus Application Protocol 1.1b3, section 6), in the form of Suricata's.
    private static func functionName(_ number: UInt64) -> StaticString? {
        switch number {
        case 1: "RdCoils"
        case 2: "RdDiscreteInputs"
        case 3: "RdHoldRegs"
        case 4: "RdInputRegs"
        case 5: "WrSingleCoil"
        case 6: "WrSingleReg"
        case 7: "RdExcStatus"
        case 8: "Diagnostic"
        case 11: "GetCommEventCtr"
        case 12: "GetCommEventLog"
        case 15: "WrMultCoils"
        case 16: "WrMultRegs"
        case 17: "ReportServerID"
        case 20: "RdFileRec"
        case 21: "WrFileRec"
        case 22: "MaskWrReg"
        case 23: "RdWrMultRegs"
        case 24: "RdFIFOQueue"
        case 43: "MEI"
        default: nil
        }
    }

    func render(mqtt fields: FieldIndex, into json: inout JSONWriter) {
        json.beginObject("mqtt")
        switch fields.first(.mqttType)?.integer {
        case 1: writeConnect(fields, into: &json)
        case 2:
            json.beginObject("connack")
            json.member("return_code", integer: .mqttCode, of: fields)
            json.endObject()
        case 3:
            json.beginObject("publish")
            json.member("topic", text: .mqttTopic, of: fields)
            let flags = fields.first(.mqttFlags)?.integer ?? 0
            json.member("qos", flags >> 1 & 3)
            json.member("retain", flags & 1 == 1)
            json.member("dup", flags & 8 != 0)
            json.endObject()
        default:
            json.beginObject("subscribe")
            if fields.first(.mqttTopic) != nil {
                json.beginArray("topics")
                for field in fields where field.name == .mqttTopic {
                    json.beginObject()
                    json.member("topic", escaping: field.value)
                    json.endObject()
                }
                json.endArray()
            }
            json.endObject()
        }
        json.endObject()
    }

    private func writeConnect(_ fields: FieldIndex, into json: inout JSONWriter) {
        json.beginObject("connect")
        json.member("protocol_string", text: .mqttProtocol, of: fields)
        json.member("protocol_version", integer: .mqttVersion, of: fields)
        json.member("client_id", text: .mqttClient, of: fields)
        json.member("username", text: .mqttUser, of: fields)
        if let flags = fields.first(.mqttFlags)?.integer {
            json.beginObject("flags")
            json.member("username", flags & 0x80 != 0)
            json.member("password", flags & 0x40 != 0)
            json.member("will_retain", flags & 0x20 != 0)
            json.member("will", flags & 4 != 0)
            json.member("clean_session", flags & 2 != 0)
            json.endObject()
        }
        json.endObject()
    }

    func render(snmp fields: FieldIndex, into json: inout JSONWriter) {
        json.beginObject("snmp")
        json.member("version", integer: .snmpVersion, of: fields)
        json.member("community", text: .snmpCommunity, of: fields)
        json.member("usm", text: .snmpUser, of: fields)
        if let kind = fields.first(.snmpPDU), let name = Self.requestName(kind.integer) {
            json.member("pdu_type", name)
        }
        json.endObject()
    }

    private static func requestName(_ tag: UInt64) -> StaticString? {
        switch tag {
        case 0xa0: "get_request"
        case 0xa1: "get_next_request"
        case 0xa2: "response"
        case 0xa3: "set_request"
        case 0xa4: "trap_v1"
        case 0xa5: "get_bulk_request"
        case 0xa6: "inform_request"
        case 0xa7: "trap_v2"
        case 0xa8: "report"
        default: nil
        }
    }
}
