#include "include/vector_math.h"

#include <math.h>

void assize_transpose(const float *source, size_t rows, size_t columns, float *target) {
    // Small squares, so that both sides stay in the cache.
    const size_t edge = 32;
    for (size_t r0 = 0; r0 < rows; r0 += edge) {
        for (size_t c0 = 0; c0 < columns; c0 += edge) {
            const size_t r1 = r0 + edge < rows ? r0 + edge : rows;
            const size_t c1 = c0 + edge < columns ? c0 + edge : columns;
            for (size_t r = r0; r < r1; r++) {
                for (size_t c = c0; c < c1; c++) target[c * rows + r] = source[r * columns + c];
            }
        }
    }
}

double assize_sum_of_squares(const float *values, size_t count) {
    double sum = 0;
    for (size_t i = 0; i < count; i++) sum += (double)values[i] * (double)values[i];
    return sum;
}

void assize_adamw(float *parameters, const float *gradients, float *mean, float *square, size_t count,
                  const assize_adamw_options *options) {
    const double correction1 = 1 - pow(options->beta1, (double)options->step);
    const double correction2 = 1 - pow(options->beta2, (double)options->step);
    const float decay = (float)(1 - options->learning_rate * options->weight_decay);
    const float rate = (float)(options->learning_rate / correction1);
    const float root = (float)sqrt(correction2);
    const float beta1 = (float)options->beta1, rest1 = (float)(1 - options->beta1);
    const float beta2 = (float)options->beta2, rest2 = (float)(1 - options->beta2);
    const float epsilon = (float)options->epsilon, scale = (float)options->gradient_scale;
    for (size_t i = 0; i < count; i++) {
        const float g = gradients[i] * scale;
        const float m = mean[i] * beta1 + g * rest1;
        const float v = square[i] * beta2 + g * g * rest2;
        mean[i] = m;
        square[i] = v;
        parameters[i] = parameters[i] * decay - rate * m / (sqrtf(v) / root + epsilon);
    }
}

void assize_dropout_mask(float *values, uint64_t first, size_t count, uint64_t seed, double rate) {
    const float kept = (float)(1 / (1 - rate));
    // A value is dropped when its 64 bits, drawn by SplitMix64's mixing of its place, lie below this.
    const uint64_t limit = (uint64_t)(rate * 18446744073709551615.0);
    for (size_t i = 0; i < count; i++) {
        uint64_t z = seed + (first + i + 1) * 0x9E3779B97F4A7C15u;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
        z ^= z >> 31;
        values[i] = z < limit ? 0 : kept;
    }
}
