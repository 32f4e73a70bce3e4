// Put before every C file of ggml by Scripts/bootstrap (`-include`): changes how ggml's threads wait for each other.
//
// ggml's threads meet at a barrier after every operation, hundreds of times a token, and wait there in a loop of pause
// instructions. When another process wants one of the cores, a thread that has work left may not run while those that
// wait for it do: two threads on two cores then fall to a tenth of their speed and less. Here a waiting thread offers its
// core to the system after every ASSIZE_SPINS turns. On a quiet machine nobody takes the offer, and it costs nothing that
// can be measured (Documentation/Performance.md).
//
// ggml-cpu.c defines `ggml_thread_cpu_relax(void)` and calls `ggml_thread_cpu_relax()`; the macro tells the two apart by
// what stands between the parentheses, so that the source itself needs no patch.

#if !defined(_WIN32) && !defined(__cplusplus) && !defined(__ASSEMBLER__)

// As <sched.h> has it, which must not be read before the source has set its feature macros.
extern int sched_yield(void);

#if defined(__x86_64__) || defined(__i386__)
// A pause takes some ten nanoseconds.
#define ASSIZE_SPINS 64
#define ASSIZE_PAUSE() __builtin_ia32_pause()
#elif defined(__aarch64__)
// A yield instruction takes one or two.
#define ASSIZE_SPINS 1024
#define ASSIZE_PAUSE() __asm__ volatile("yield" ::: "memory")
#else
#define ASSIZE_SPINS 1024
#define ASSIZE_PAUSE() __asm__ volatile("" ::: "memory")
#endif

static inline void assize_relax(void) {
    static __thread unsigned spins;
    ASSIZE_PAUSE();
    if (++spins >= ASSIZE_SPINS) {
        spins = 0;
        sched_yield();
    }
}

#define ASSIZE_RELAX_ assize_relax()
#define ASSIZE_RELAX_void ggml_thread_cpu_relax_unused(void)
#define ggml_thread_cpu_relax(argument) ASSIZE_RELAX_##argument

#endif
