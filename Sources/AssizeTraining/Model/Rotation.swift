/// How a model turns positions into angles (RoPE, arXiv 2104.09864), as ggml's `rope_ext` takes it.
struct Rotation: Hashable, Sendable {
    /// How many of a head's values are turned.
    let dimensions: Int
    /// 0 turns neighbours together, 2 turns the two halves of a head together (NEOX).
    let mode: Int
    let base: Float
    /// 1 / the factor by which positions are stretched.
    let scale: Float
    /// 1 mixes in unstretched angles by frequency (YaRN, arXiv 2309.00071); 0 does not.
    let extrapolation: Float
    let attentionFactor: Float
    /// The context length before it was stretched; YaRN only.
    let originalContext: Int
}
