internal import AssizeCore
internal import AssizeHub
internal import AssizeLocal
internal import Foundation

extension ModelLoader {
    /// The weights that were prepared of a model on this machine, in its place.
    ///
    /// It is a judge of its own: the name says so, and the digest is that of the prepared file.
    ///
    /// - Throws: ``CommandFailure`` or an error of the hub's room when there are none, or none that still hold.
    func prepared(_ found: Found) async throws -> Found {
        guard let path = found.path, let sha256 = found.sha256 else {
            throw CommandFailure("--prepared goes with a GGUF model; '\(found.name)' is none")
        }
        let folder = PreparedFolder(home: home)
        let (entry, file) = try await folder.recommended(
            for: sha256,
            name: found.name,
            path: path,
            engine: LocalModel.engineVersion
        )
        if entry.record.processor != Processor.description {
            terminal.note(
                "assize: the weights of \(found.name) were prepared on \(entry.record.processor), and this is "
                    + "\(Processor.description); 'assize models prepare \(found.name)' measures again"
            )
        }
        guard let file else {
            terminal.note("assize: \(found.name): the file as given was found fastest; using \(path)")
            return found
        }
        let preparedPath = entry.path(of: file)
        let digest = try await FileHashes(home: home).hash(of: preparedPath)
        guard digest == file.sha256 else {
            throw CommandFailure(
                "\(preparedPath) has been changed since it was made; run 'assize models prepare \(found.name)' again"
            )
        }
        terminal.note("assize: \(found.name): using the prepared \(file.format) weights in \(preparedPath)")
        return Found(name: "\(found.name) (prepared \(file.format))", path: preparedPath, sha256: digest)
    }
}
