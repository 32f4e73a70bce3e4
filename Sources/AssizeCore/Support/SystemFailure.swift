#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// Words for the operating system's error numbers.
public enum SystemFailure {
    /// The system's own sentence for an `errno` value, such as "No such file or directory".
    public static func text(_ number: Int32) -> String {
        guard let message = strerror(number) else { return "error \(number)" }
        return String(cString: message)
    }
}
