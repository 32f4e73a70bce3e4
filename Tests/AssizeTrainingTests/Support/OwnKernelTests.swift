import Testing

/// All tests that run our own kernels in this process: one after the other, since some of them hold the kernels at a lower level.
@Suite(.serialized)
struct OwnKernelTests {}
