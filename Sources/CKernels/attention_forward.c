// Attention, forward: softmax block by block, so that no row of probabilities is ever whole in memory.

#include "attention.h"

#include <math.h>

#define BODY "attention_forward_body.h"
#include "each_level.h"

size_t assize_attention_forward_scratch_size(int64_t tokens, int64_t head_size, int nth) {
    enum { tile = 6 };
    int64_t padded = padded_head(head_size);
    return 64 + padded_bytes(block_count(tokens), sizeof(card)) + padded_bytes(nth, sizeof(int64_t)) +
           padded_bytes(attention_rows * head_size, sizeof(float)) +
           padded_bytes((forward_keys + tile) * attention_rows, sizeof(float)) +
           padded_bytes(attention_rows * padded, sizeof(float)) +
           padded_bytes(forward_keys * padded, sizeof(float)) + padded_bytes(tile * head_size, sizeof(float));
}

void assize_attention_forward(const assize_attention_arguments *args, int ith, int nth, void *scratch) {
    CALL_LEVEL(attention_forward, args, ith, nth, scratch);
}
