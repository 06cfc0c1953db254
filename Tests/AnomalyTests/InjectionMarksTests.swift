// Characters by which requests leave their place.

import Testing

@testable import Anomaly

@Suite("Marks of injection")
struct InjectionMarksTests {
    private func bits(_ text: String) -> UInt8 {
        Array(text.utf8).withUnsafeBytes { InjectionMarks($0).bits }
    }

    @Test(
        "Ordinary targets and agents have none",
        arguments: [
            "/", "/index.html?id=12&name=J%C3%BCrgen&q=a+b%20c", "/~user/a_b-c.d;v=1,2", "/a(b)/c$d/e=f@g:h!i*",
            "/v1.2/x?a=.b",
            "Mozilla/5.0 (X11; Linux x86_64; rv:45.0) Gecko/20100101 Firefox/45.0", "%41%7e", "",
        ])
    func none(_ text: String) {
        #expect(bits(text) == 0, "\(text)")
    }

    @Test("What leaves a query, a page, a shell, a logger, a folder or a line is a mark, encoded or not")
    func marks() {
        for (text, expected) in [
            ("/q?id=1'", 1), ("/q?id=1%27", 1), ("/q?id=%22", 1), ("/q?s=<script>", 2), ("/q?s=%3Cscript%3e", 2),
            ("/q?c=`id`", 4), ("/q?c=a%7Cb", 4), ("${jndi:ldap://a}", 8), ("/q?x=%24%7Bjndi", 8),
            ("/q?f=../../etc", 16),
            ("/q?x=%00", 32), ("/q?x=a%0d%0ab", 32), ("/a\\b", 32), ("/q?id=1%23", 64),
        ] {
            #expect(bits(text) == UInt8(expected), "\(text)")
        }
    }

    @Test("What is encoded without need, twice or wrongly is a mark")
    func encoding() {
        #expect(bits("/cgi-bin/.%2e/bin/sh") == 128 | 16)
        #expect(bits("/%2e%2e/") == 128 | 16)
        #expect(bits("/%252e") == 128)
        #expect(bits("/a%") == 128)
        #expect(bits("/a%2") == 128)
        #expect(bits("/a%zz") == 128)
    }
}
