#ifndef ASSIZE_VECTOR_MATH_H
#define ASSIZE_VECTOR_MATH_H

#include <stddef.h>
#include <stdint.h>

/// target[c][r] = source[r][c]; the two must not overlap.
void assize_transpose(const float *source, size_t rows, size_t columns, float *target);

/// The sum of all squares, in double precision and in order.
double assize_sum_of_squares(const float *values, size_t count);

/// What one step of AdamW needs beside the numbers themselves (arXiv 1711.05101).
typedef struct {
    double learning_rate;
    double beta1;
    double beta2;
    double epsilon;
    double weight_decay;
    /// The step's number, from 1.
    long step;
    /// Gradients are multiplied by this first.
    double gradient_scale;
} assize_adamw_options;

/// One step of AdamW over `count` parameters; `mean` and `square` hold the running moments, zero before the first step.
void assize_adamw(float *parameters, const float *gradients, float *mean, float *square, size_t count,
                  const assize_adamw_options *options);

/// Values from `first` on of a dropout mask: 0 with probability `rate`, else 1 / (1 - rate). Each value depends on the seed and
/// its own place alone, so a mask can be made anew, in parts and in any order.
void assize_dropout_mask(float *values, uint64_t first, size_t count, uint64_t seed, double rate);

#endif
