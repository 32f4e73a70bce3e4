extension FieldMap {
    /// The fields that a user named for roles.
    ///
    /// A role that is named is looked for under that name only.
    public struct Overrides: Sendable, Hashable, Codable {
        /// The field of each role that was named.
        public var names: [FieldRole: String]

        /// - Parameter names: The field of each role; roles that are missing go by their aliases.
        public init(_ names: [FieldRole: String] = [:]) {
            self.names = names
        }

        /// Takes arguments of the form `role=field`, as `--field` gives them.
        ///
        /// - Throws: ``AssizeDataError`` for a role that doesn't exist or is named twice, for a missing `=`, and for
        ///   one half of a pair without the other.
        public init(parsing arguments: [String]) throws(AssizeDataError) {
            names = [:]
            let roles = FieldRole.allCases.map(\.rawValue).joined(separator: ", ")
            for argument in arguments {
                let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                guard parts.count == 2, let name = parts.last, !name.isEmpty else {
                    throw AssizeDataError(
                        code: .invalidOverride,
                        message: "'\(argument)' names no field; write role=field, such as response=my_column"
                    )
                }
                guard let role = FieldRole(rawValue: String(parts[0])) else {
                    throw AssizeDataError(
                        code: .invalidOverride,
                        message: "'\(parts[0])' in '\(argument)' is no role; the roles are: \(roles)"
                    )
                }
                guard names.updateValue(String(name), forKey: role) == nil else {
                    throw AssizeDataError(
                        code: .invalidOverride,
                        message: "the field of \(role.rawValue) is given twice; give it once"
                    )
                }
            }
            guard (names[.a] == nil) == (names[.b] == nil) else {
                throw AssizeDataError(
                    code: .invalidOverride,
                    message: "a pair has two responses; give both a=... and b=..."
                )
            }
        }
    }
}
