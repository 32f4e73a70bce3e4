// Which instruction sets the kernels may use, found once.

#include "include/CKernels.h"

#include <stdatomic.h>

static _Atomic int detected = -1;
static _Atomic int ceiling = 3;

static int detect(void) {
#if defined(__x86_64__)
#ifdef ASSIZE_EMULATE_AVX512
    return 3;
#else
    __builtin_cpu_init();
    if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) return 0;
    if (!__builtin_cpu_supports("avx512f") || !__builtin_cpu_supports("avx512bw") ||
        !__builtin_cpu_supports("avx512vl") || !__builtin_cpu_supports("avx512dq"))
        return 1;
    return __builtin_cpu_supports("avx512bf16") ? 3 : 2;
#endif
#else
    return 0;
#endif
}

int assize_cpu_level(void) {
    int level = atomic_load_explicit(&detected, memory_order_relaxed);
    if (level < 0) {
        // Two threads that race here find the same answer.
        level = detect();
        atomic_store_explicit(&detected, level, memory_order_relaxed);
    }
    int most = atomic_load_explicit(&ceiling, memory_order_relaxed);
    return level < most ? level : most;
}

void assize_limit_cpu_level(int most) {
    atomic_store_explicit(&ceiling, most < 0 ? 0 : most > 3 ? 3 : most, memory_order_relaxed);
}
