// Includes the file named by BODY once for every CPU level this target can have: that is how one source gets its
// portable, AVX2, AVX-512 and AVX-512-BF16 versions although SwiftPM compiles it without -m options. A body defines
// functions named LEVEL(name); CALL_LEVEL(name, ...) calls the version the CPU can run.
//
// VW          floats per vector
// MR          rows of a register tile: as many as keep the accumulators in registers beside the operands
// GROUP       16-column panels in a register tile
// DOT_BF16    defined where two bfloat16 pairs can be multiplied and summed by one instruction
//
// ASSIZE_EMULATE_AVX512 (test harness only) compiles the two AVX-512 levels for AVX2, the dot product in plain C.

#define JOIN2(a, b) a##_##b
#define JOIN(a, b) JOIN2(a, b)
#define LEVEL(name) JOIN(name, SUFFIX)

#if defined(__aarch64__) || defined(__arm64__)
#define PORTABLE_MR 6
#else
#define PORTABLE_MR 3
#endif

#define SUFFIX portable
#define VW 4
#define MR PORTABLE_MR
#define GROUP 1
#include BODY
#undef SUFFIX
#undef VW
#undef MR
#undef GROUP

#if defined(__x86_64__)

#ifdef ASSIZE_EMULATE_AVX512
#define TARGET_512 "avx2,fma"
#define TARGET_512_BF16 "avx2,fma"
#else
#define TARGET_512 "avx2,fma,avx512f,avx512bw,avx512vl,avx512dq"
#define TARGET_512_BF16 "avx2,fma,avx512f,avx512bw,avx512vl,avx512dq,avx512bf16"
#endif

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define SUFFIX avx2
#define VW 8
#define MR 6
#define GROUP 1
#include BODY
#undef SUFFIX
#undef VW
#undef MR
#undef GROUP
#pragma clang attribute pop

#pragma clang attribute push(__attribute__((target(TARGET_512))), apply_to = function)
#define SUFFIX avx512
#define VW 16
#define MR 6
#define GROUP 4
#include BODY
#undef SUFFIX
#pragma clang attribute pop

#ifdef BODY_USES_DOT
#pragma clang attribute push(__attribute__((target(TARGET_512_BF16))), apply_to = function)
#define SUFFIX avx512bf16
#define DOT_BF16 1
#include BODY
#undef SUFFIX
#undef DOT_BF16
#pragma clang attribute pop
#endif

#undef VW
#undef MR
#undef GROUP

#ifdef BODY_USES_DOT
#define CALL_LEVEL(name, ...)                                         \
    do {                                                              \
        switch (assize_cpu_level()) {                                 \
        case 3: name##_avx512bf16(__VA_ARGS__); break;                \
        case 2: name##_avx512(__VA_ARGS__); break;                    \
        case 1: name##_avx2(__VA_ARGS__); break;                      \
        default: name##_portable(__VA_ARGS__); break;                 \
        }                                                             \
    } while (0)
#else
#define CALL_LEVEL(name, ...)                                         \
    do {                                                              \
        switch (assize_cpu_level()) {                                 \
        case 3:                                                       \
        case 2: name##_avx512(__VA_ARGS__); break;                    \
        case 1: name##_avx2(__VA_ARGS__); break;                      \
        default: name##_portable(__VA_ARGS__); break;                 \
        }                                                             \
    } while (0)
#endif

#else
#define CALL_LEVEL(name, ...) name##_portable(__VA_ARGS__)
#endif
