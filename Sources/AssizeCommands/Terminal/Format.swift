internal import Foundation

/// Numbers as a person reads them.
enum Format {
    /// Three figures that matter: 0.042, 4.20, 42.0, 420.
    static func rate(_ value: Double) -> String {
        guard value.isFinite else { return "-" }
        let digits = value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : 3
        return fixed(value, digits)
    }

    /// A share in whole per cent; neither nothing nor everything is claimed where it isn't so.
    static func share(_ part: Int, of whole: Int) -> String {
        guard part > 0, whole > 0 else { return "0%" }
        guard part < whole else { return "100%" }
        return "\(min(99, max(1, Int((Double(part) / Double(whole) * 100).rounded()))))%"
    }

    static func fixed(_ value: Double, _ digits: Int) -> String {
        String(format: "%.\(digits)f", value)
    }

    /// Seconds as `0:07`, `12:30` or `3:04:05`.
    static func duration(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds < 1e9 else { return "-" }
        let whole = Int(seconds.rounded())
        let (hours, minutes, rest) = (whole / 3600, whole / 60 % 60, whole % 60)
        return hours > 0
            ? String(format: "%d:%02d:%02d", hours, minutes, rest) : String(format: "%d:%02d", minutes, rest)
    }

    /// Bytes as `94 MB`.
    static func bytes(_ count: Int) -> String {
        let units = ["B", "kB", "MB", "GB", "TB"]
        var value = Double(count)
        var unit = 0
        while value >= 999.5, unit < units.count - 1 {
            value /= 1000
            unit += 1
        }
        return unit == 0 ? "\(count) B" : "\(fixed(value, value < 10 ? 1 : 0)) \(units[unit])"
    }

    /// A whole number with its thousands apart: 1,234,567.
    static func count(_ value: Int) -> String {
        var digits = String(abs(value))
        var groups: [String] = []
        while digits.count > 3 {
            groups.insert(String(digits.suffix(3)), at: 0)
            digits = String(digits.dropLast(3))
        }
        groups.insert(digits, at: 0)
        return (value < 0 ? "-" : "") + groups.joined(separator: ",")
    }
}

extension Duration {
    /// The duration in seconds.
    var seconds: Double {
        let parts = components
        return Double(parts.seconds) + Double(parts.attoseconds) * 1e-18
    }
}
