/// The version of this program.
enum AssizeVersion {
    static let current = "0.1.0"
}
