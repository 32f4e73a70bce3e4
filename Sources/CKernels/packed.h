// What packed buffers look like; shared by the packing and the products, not exported.
#pragma once

#include "include/CKernels.h"

enum { panel_columns = 16, panel_depth_multiple = 4 };

// The first 64 bytes of every packed matrix. Panels of 16 columns follow, each depth_padded x 16 values: floats, or
// bfloat16 with two consecutive depths of a column side by side. Padding is zero.
typedef struct {
    uint32_t magic;
    uint32_t format;
    int64_t columns;
    int64_t depth;
    int64_t depth_padded;
    char reserved[32];
} assize_packed_header;

// The first 64 bytes of a packed LoRA pair; `down` and `up` are packed matrices at these offsets.
typedef struct {
    uint32_t magic;
    uint32_t rank;
    int64_t down_offset;
    int64_t up_offset;
    char reserved[40];
} assize_lora_header;

_Static_assert(sizeof(assize_packed_header) == 64, "panels must stay aligned");
_Static_assert(sizeof(assize_lora_header) == 64, "panels must stay aligned");

enum { packed_magic = 0x41504b31, lora_magic = 0x414c4f31 };

static inline const assize_packed_header *packed_header(const void *packed) {
    const assize_packed_header *header = packed;
    if (header->magic != packed_magic) __builtin_trap();
    return header;
}

static inline const char *packed_panels(const void *packed) {
    return (const char *)packed + sizeof(assize_packed_header);
}
