internal import CLlama

/// The trained numbers of an adapter, and the sums of their gradients, each as one row of memory on the device.
final class AdapterParameters {
    /// Where one factor lies in the row, in floats.
    struct Place: Hashable {
        let name: String
        let offset: Int
        let count: Int
    }

    let places: [Place]
    /// Floats in all, with what keeps each factor aligned; the rest stays zero.
    let count: Int
    private let store: TensorStore
    private let targets: [Linear]
    /// Whether the numbers changed since ``prepare()``.
    private var isChanged = true

    /// Gives every projection in `targets` its factors.
    ///
    /// - Throws: ``AssizeTrainingError`` when the device has no room.
    init(_ targets: [Linear], rank: Int, scale: Float, on device: Device) throws(AssizeTrainingError) {
        var places: [Place] = []
        var offset = 0
        for linear in targets {
            for (name, count) in [("a", linear.inputs * rank), ("b", linear.outputs * rank)] {
                places.append(Place(name: "\(linear.name).\(name)", offset: offset, count: count))
                offset += (count + 31) / 32 * 32
            }
        }
        self.places = places
        count = offset
        var layouts: [TensorStore.Layout] = []
        for whole in ["parameters", "gradients"] {
            layouts.append(.init(name: whole, type: GGML_TYPE_F32, dimensions: [offset]))
        }
        for (place, linear) in zip(places, targets.flatMap { [$0, $0] }) {
            let dimensions = place.name.hasSuffix(".a") ? [linear.inputs, rank] : [rank, linear.outputs]
            for whole in ["parameters", "gradients"] {
                layouts.append(
                    .init(
                        name: "\(whole)/\(place.name)",
                        type: GGML_TYPE_F32,
                        dimensions: dimensions,
                        part: (whole, place.offset * 4)
                    )
                )
            }
        }
        store = try TensorStore(layouts, on: device)
        self.targets = targets
        for linear in targets {
            var packed: PackedFactors?
            if case .panels(_, _) = linear.weights {
                packed = PackedFactors(
                    outputs: linear.outputs,
                    inputs: linear.inputs,
                    rank: rank,
                    format: linear.format
                )
            }
            linear.factors = LoraFactors(
                a: store["parameters/\(linear.name).a"],
                b: store["parameters/\(linear.name).b"],
                gradientA: store["gradients/\(linear.name).a"],
                gradientB: store["gradients/\(linear.name).b"],
                rank: rank,
                scale: scale,
                packed: packed
            )
        }
    }

    /// All parameters.
    var values: [Float] {
        get { store["parameters"].readFloats() }
        set {
            store["parameters"].write(newValue)
            isChanged = true
        }
    }

    /// Brings the forms that our own products use up to date; before every pass.
    func prepare() {
        guard isChanged else { return }
        for linear in targets {
            if let factors = linear.factors { factors.packed?.update(factors) }
        }
        isChanged = false
    }

    /// The gradients summed since ``clearGradients()``.
    var gradients: [Float] { store["gradients"].readFloats() }

    /// Begins a new sum.
    func clearGradients() {
        store.clear("gradients")
    }

    /// Lends parameters and gradients in place; on a processor only.
    func withMemory<Result>(
        _ body: (_ parameters: UnsafeMutablePointer<Float>, _ gradients: UnsafeMutablePointer<Float>) -> Result
    ) -> Result? {
        isChanged = true
        guard let parameters = unsafe store["parameters"].data, let gradients = unsafe store["gradients"].data else {
            return nil
        }
        return unsafe body(
            parameters.assumingMemoryBound(to: Float.self),
            gradients.assumingMemoryBound(to: Float.self)
        )
    }

    var byteCount: Int { store.byteCount }
}
