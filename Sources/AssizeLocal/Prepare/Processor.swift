internal import CLlama

#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

#if canImport(Darwin)
internal import Darwin
#endif

/// The processor that the engine computes on.
package enum Processor {
    /// The processor's name and the instructions that the engine was built to use: what figures hold for.
    package static var description: String {
        LlamaBackend.prepare()
        let features = unsafe llama_print_system_info().map { unsafe String(cString: $0) } ?? ""
        let used = features.split(separator: "|")
            .compactMap { part -> String? in
                let words = part.split(separator: " ")
                guard words.count >= 3, words.last == "1" else { return nil }
                return String(words[words.count - 3])
            }
        return "\(name) (\(used.joined(separator: " ")))"
    }

    private static var name: String {
        #if canImport(Darwin)
        var size = 0
        guard unsafe sysctlbyname("machdep.cpu.brand_string", nil, &size, nil, 0) == 0, size > 1 else {
            return "processor"
        }
        var bytes = [UInt8](repeating: 0, count: size)
        guard unsafe sysctlbyname("machdep.cpu.brand_string", &bytes, &size, nil, 0) == 0 else { return "processor" }
        return String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        #else
        let bytes = FileManager.default.contents(atPath: "/proc/cpuinfo")
        let text = bytes.map { String(decoding: $0, as: UTF8.self) } ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix("model name") }
        return line?.split(separator: ":").last.map { String($0).trimmed } ?? "processor"
        #endif
    }
}
