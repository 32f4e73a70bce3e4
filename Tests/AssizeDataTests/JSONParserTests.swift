import AssizeCore
import AssizeData
import Foundation
import Testing

struct JSONParserTests {
    private func reason(_ bytes: [UInt8]) -> String? {
        do throws(JSONFault) {
            _ = try JSONParser.parse(bytes)
            return nil
        } catch {
            return error.reason
        }
    }

    private func reason(_ text: String) -> String? {
        reason(Array(text.utf8))
    }

    @Test(arguments: [
        "null", "true", " false ", "0", "-0", "12", "-7", "1.5", "-0.25", "1e3", "2E-2", "1.0", "9223372036854775807",
        "-9223372036854775808", "9223372036854775808", "123456789012345678901234567890", "1e308", "5e-324", "0.1",
        #""""#, #""a""#, #""\"\\\/\b\f\n\r\t""#, #""\u00e9\u20AC\ud83d\ude00""#, #""é€😀""#, #""\u0000""#,
        "[]", "[ ]", "[1,[2,[3]],{}]", "{}", #"{"a":1,"b":[true,null],"":{"c":"d"}}"#,
        "\t{\r\n \"a\" : [ 1 , 2 ] \n}\r\n",
    ])
    func `what is JSON is read as Foundation reads it`(text: String) throws {
        let expected = try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))
        #expect(try JSONParser.parse(text) == expected)
    }

    @Test(arguments: [
        "", " ", "nul", "tru", "True", "01", "-", "-a", "1.", ".5", "1e", "1e+", "+1", "0x10", "1 2", "[1,]", "[,1]",
        "[1", "[1 2]", "{", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "{'a':1}", "\"a", "\"\\x\"", "\"\\u12\"",
        "\"\\u12G4\"", "\"a\nb\"", "\"\u{1}\"", "{}}", "[]]", "1e999", "-1e400", "NaN", "Infinity", "-Infinity",
        "//a\n1",
        "\"\\ud800\"", "\"\\udc00\"", "\"\\ud800\\u0041\"", "\"\\ud800x\"", "\"\\ud83d\\",
    ])
    func `what is not JSON is a fault`(text: String) {
        #expect(reason(text) != nil)
    }

    @Test func `bytes that are not UTF-8 are a fault`() {
        #expect(reason([0x22, 0xC3, 0x22])?.contains("UTF-8") == true)
        #expect(reason([0x22, 0x5C, 0x6E, 0xED, 0xA0, 0x80, 0x22])?.contains("UTF-8") == true)
        #expect(reason([0xFF]) != nil)
    }

    @Test func `nesting is bounded`() throws {
        let deepest = String(repeating: "[", count: 512) + String(repeating: "]", count: 512)
        _ = try JSONParser.parse(deepest)
        let deeper = "[" + deepest + "]"
        #expect(reason(deeper)?.contains("deeper than 512") == true)
        #expect(reason(String(repeating: #"{"a":["#, count: 100_000))?.contains("deeper") == true)
    }

    @Test func `a fault tells its place`() {
        do throws(JSONFault) {
            _ = try JSONParser.parse(#"{"a": 1 "b": 2}"#)
            Issue.record("not JSON, but read")
        } catch {
            #expect(error.position == 8)
            #expect(error.reason == "',' or '}' should stand here")
        }
    }

    @Test func `of a member that stands twice the last counts`() throws {
        #expect(try JSONParser.parse(#"{"a":1,"a":2}"#) == .object(["a": .integer(2)]))
    }

    @Test func `random values survive Foundation's encoder`() throws {
        var values = RandomValues(seed: 1)
        let encoder = JSONEncoder()
        for _ in 0..<500 {
            let value = values.value(depth: 4)
            let data = try encoder.encode(value)
            #expect(try JSONParser.parse(Array(data)) == JSONDecoder().decode(JSONValue.self, from: data))
        }
    }

    @Test func `random damage never crashes, and no fault lies outside the text`() throws {
        var values = RandomValues(seed: 2)
        let encoder = JSONEncoder()
        for _ in 0..<1000 {
            var bytes = Array(try encoder.encode(values.value(depth: 4)))
            for _ in 0...values.below(3) where !bytes.isEmpty {
                let place = values.below(bytes.count)
                if values.below(2) == 0 {
                    bytes[place] = UInt8(values.below(256))
                } else {
                    bytes.remove(at: place)
                }
            }
            do throws(JSONFault) {
                _ = try JSONParser.parse(bytes)
            } catch {
                #expect(0...bytes.count ~= error.position)
            }
        }
    }
}
