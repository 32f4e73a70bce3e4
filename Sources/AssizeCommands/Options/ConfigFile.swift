internal import Foundation
internal import Yams

/// A YAML file of flags: `--config run.yaml` stands for the flags in it, and those on the command line win.
enum ConfigFile {
    private static let shortNames = [
        "m": "model", "p": "recipe", "i": "items", "o": "output", "j": "jobs", "q": "quiet", "v": "verbose",
    ]

    /// Puts the flags of the file named by `--config` behind the arguments.
    ///
    /// - Throws: ``CommandFailure`` when the file can't be read or holds something else than flags.
    static func expand(_ arguments: [String]) throws -> [String] {
        guard let path = path(in: arguments) else { return arguments }
        let text = try TextFile.read(path, what: "the configuration")
        let loaded: Any?
        do {
            loaded = try Yams.load(yaml: text)
        } catch {
            throw CommandFailure("\(path) is not YAML: \(error)")
        }
        guard let values = loaded as? [String: Any] else {
            throw CommandFailure("\(path) is not a map of flags, such as 'label-only: true'")
        }
        var given = Set(arguments.compactMap(name))
        // -o is short for both names.
        if given.contains("output") { given.insert("out") }
        var expanded = arguments
        for (key, value) in values.sorted(by: { $0.key < $1.key }) {
            let flag = String(key.map { $0 == "_" ? "-" : $0 })
            guard !given.contains(flag), flag != "config" else { continue }
            switch value {
            case let isOn as Bool:
                if isOn { expanded.append("--\(flag)") }
            case is NSNull:
                break
            case let elements as [Any]:
                for element in elements { expanded.append("--\(flag)=\(try word(element, of: key, in: path))") }
            default:
                expanded.append("--\(flag)=\(try word(value, of: key, in: path))")
            }
        }
        return expanded
    }

    private static func path(in arguments: [String]) -> String? {
        for (index, argument) in arguments.enumerated() {
            if argument == "--config", index + 1 < arguments.count { return arguments[index + 1] }
            if argument.hasPrefix("--config=") { return String(argument.dropFirst("--config=".count)) }
        }
        return nil
    }

    /// The long name of the flag that an argument is.
    private static func name(_ argument: String) -> String? {
        if argument.hasPrefix("--") {
            return argument.dropFirst(2).split(separator: "=", maxSplits: 1).first.map(String.init)
        }
        if argument.hasPrefix("-"), let letter = argument.dropFirst().first { return shortNames[String(letter)] }
        return nil
    }

    private static func word(_ value: Any, of key: String, in path: String) throws -> String {
        switch value {
        case let text as String: return text
        case let number as Int: return String(number)
        case let number as Double: return String(number)
        default: throw CommandFailure("\(path): '\(key)' is not a text, a number or true/false")
        }
    }
}
