// Times in certificates.

/// Reads the two forms of time that RFC 5280 section 4.1.2.5 allows.
enum CertificateTime {
    /// Seconds since 1970-01-01T00:00:00Z; nil for anything but `YYMMDDhhmmssZ` and `YYYYMMDDhhmmssZ`.
    static func seconds(_ element: DERReader.Element) -> Int64? {
        var reader = element.contents
        var year: Int64
        switch element.tag {
        case DERReader.Tag.utcTime:
            guard reader.remaining == 13, let short = twoDigits(&reader) else { return nil }
            year = short < 50 ? 2000 + short : 1900 + short
        case DERReader.Tag.generalizedTime:
            guard reader.remaining == 15, let century = twoDigits(&reader), let short = twoDigits(&reader) else {
                return nil
            }
            year = century * 100 + short
        default: return nil
        }
        guard let month = twoDigits(&reader), (1...12).contains(month), let day = twoDigits(&reader),
            (1...31).contains(day), let hour = twoDigits(&reader), let minute = twoDigits(&reader),
            let second = twoDigits(&reader), reader.uint8() == UInt8(ascii: "Z")
        else { return nil }
        return days(year: year, month: month, day: day) * 86_400 + hour * 3_600 + minute * 60 + second
    }

    private static func twoDigits(_ reader: inout ApplicationReader) -> Int64? {
        guard let tens = reader.uint8(), let units = reader.uint8(), (0x30...0x39).contains(tens),
            (0x30...0x39).contains(units)
        else { return nil }
        return Int64(tens - 0x30) * 10 + Int64(units - 0x30)
    }

    /// Days since 1970-01-01 in the Gregorian calendar: years begin in March, so that the leap day is their last
    /// (Hinnant: chrono-Compatible Low-Level Date Algorithms, 2021).
    private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }
}
