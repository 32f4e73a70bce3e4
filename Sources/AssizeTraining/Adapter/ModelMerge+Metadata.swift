extension ModelMerge {
    /// Notes in the metadata what was merged, after what earlier merges noted.
    ///
    /// - Parameters:
    ///   - writer: The file to be written, its tensors already of the types they will have.
    ///   - source: The base model.
    /// - Throws: ``AssizeTrainingError`` when a text of an adapter's provenance can't be stored.
    func note(in writer: GGUFWriter, _ source: GGUFFile) throws(AssizeTrainingError) {
        let earlier = max(0, source.integer("assize.merged.count") ?? 0)
        try writer.set(.uint32(UInt32(clamping: earlier + adapters.count)), for: "assize.merged.count")
        for (index, entry) in adapters.enumerated() {
            let prefix = "assize.merged.\(earlier + index)"
            try writer.set(.float(entry.weight), for: "\(prefix).weight")
            try writer.set(.float(entry.adapter.alpha), for: "\(prefix).alpha")
            try writer.set(.uint32(UInt32(clamping: entry.adapter.modules.count)), for: "\(prefix).modules")
            for (key, text) in entry.adapter.provenance.sorted(by: { $0.key < $1.key }) {
                try writer.set(.string(text), for: "\(prefix).\(key)")
            }
        }
        try noteFormat(in: writer, source)
    }

    /// Corrects what the file says of its own format when most weights are now in another.
    private func noteFormat(in writer: GGUFWriter, _ source: GGUFFile) throws(AssizeTrainingError) {
        // llama.cpp's numbers of file types, and the version of the block formats.
        let chosen: (type: GGUFTensorType, fileType: UInt32)? =
            switch format {
            case .base: nil
            case .f32: (.f32, 0)
            case .f16: (.f16, 1)
            case .q8: (.q8x0, 7)
            case .bf16: (.bf16, 32)
            }
        guard let chosen else { return }
        let tensors = writer.tensors
        let all = tensors.reduce(0) { $0 + $1.count }
        let changed = tensors.reduce(0) { $0 + ($1.type == chosen.type ? $1.count : 0) }
        if changed > all - changed { try writer.set(.uint32(chosen.fileType), for: "general.file_type") }
        if format == .q8, source.integer("general.quantization_version") == nil {
            try writer.set(.uint32(2), for: "general.quantization_version")
        }
    }
}
