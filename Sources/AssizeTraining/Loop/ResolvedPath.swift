internal import CKernels

/// The device and the format of weights that a ``ComputePath`` means on this machine.
struct ResolvedPath {
    let device: Device
    let format: FrozenModel.Format
    let description: String

    /// - Throws: ``AssizeTrainingError`` when this machine has no such path.
    init(_ path: ComputePath, threads: Int) throws(AssizeTrainingError) {
        switch path {
        case .automatic, .fast, .fast32:
            // BF16 products in hardware change what is computed; elsewhere the weights alone are rounded.
            let isExact = path == .fast32
            device = try Device(.processor(threads: threads))
            format = .panels(isExact ? .float32 : .bfloat16)
            description =
                "\(threads) threads, own kernels (\(ResolvedPath.level)), weights in \(isExact ? "32 bits" : "BF16")"
        case .portable:
            device = try Device(.processor(threads: threads))
            format = .tensors16
            description = "\(threads) threads, stock operations, weights in BF16"
        case .portable32:
            device = try Device(.processor(threads: threads))
            format = .tensors32
            description = "\(threads) threads, stock operations, weights in 32 bits"
        case .gpu:
            device = try Device(.accelerator)
            format = .tensors16
            description = "\(device.name), stock operations, weights in BF16"
        case .gpu32:
            device = try Device(.accelerator)
            format = .tensors32
            description = "\(device.name), stock operations, weights in 32 bits"
        }
    }

    /// What the kernels use of this processor.
    private static var level: String {
        switch assize_cpu_level() {
        case 3: "AVX-512 with BF16 products"
        case 2: "AVX-512"
        case 1: "AVX2"
        default: "portable vectors"
        }
    }
}
