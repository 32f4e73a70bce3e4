// Weights and LoRA factors laid out in panels, so that a product reads each panel as one forward stream.

#include "packed.h"

#include <string.h>

static int64_t round_up(int64_t value, int64_t multiple) { return (value + multiple - 1) / multiple * multiple; }

static size_t element_size(uint32_t format) { return format == ASSIZE_BF16 ? 2 : 4; }

size_t assize_packed_size(int64_t n, int64_t k, int32_t format) {
    int64_t elements = round_up(n, panel_columns) * round_up(k, panel_depth_multiple);
    return sizeof(assize_packed_header) + (size_t)round_up(elements * (int64_t)element_size((uint32_t)format), 64);
}

// bfloat16 by rounding to nearest even; a NaN stays one.
static inline uint16_t bf16_bits(float value) {
    uint32_t u;
    memcpy(&u, &value, 4);
    if (value != value) return (uint16_t)((u >> 16) | 0x40u);
    return (uint16_t)((u + 0x7fffu + ((u >> 16) & 1u)) >> 16);
}

void assize_pack_begin(int64_t n, int64_t k, int32_t format, void *packed) {
    assize_packed_header *header = packed;
    memset(header, 0, sizeof *header);
    header->magic = packed_magic;
    header->format = (uint32_t)format;
    header->columns = n;
    header->depth = k;
    header->depth_padded = round_up(k, panel_depth_multiple);

    // The padding columns and depths; the rest is written by the rows.
    size_t size = element_size(header->format);
    size_t panel_bytes = (size_t)header->depth_padded * panel_columns * size;
    char *panels = (char *)packed + sizeof *header;
    int64_t count = round_up(n, panel_columns) / panel_columns;
    if (n % panel_columns) memset(panels + (size_t)(count - 1) * panel_bytes, 0, panel_bytes);
    if (header->depth_padded != k) {
        int64_t whole = k / panel_depth_multiple * panel_depth_multiple;
        size_t tail = (size_t)(header->depth_padded - whole) * panel_columns * size;
        for (int64_t p = 0; p < count; p++) memset(panels + (size_t)(p + 1) * panel_bytes - tail, 0, tail);
    }
}

// Source rows are columns of the packed matrix: up to 16 of them side by side make a panel.
static void pack_columns(
    const float *rows, int64_t first, int64_t count, int64_t ld, float scale, const assize_packed_header *header,
    char *panels
) {
    int64_t k = header->depth, padded = header->depth_padded;
    while (count > 0) {
        int64_t at = first % panel_columns;
        int64_t take = panel_columns - at < count ? panel_columns - at : count;
        if (header->format == ASSIZE_BF16) {
            uint16_t *panel = (uint16_t *)panels + first / panel_columns * padded * panel_columns;
            for (int64_t t = 0; t < k; t++)
                for (int64_t c = 0; c < take; c++)
                    panel[((t / 2) * panel_columns + at + c) * 2 + (t & 1)] = bf16_bits(scale * rows[c * ld + t]);
        } else {
            float *panel = (float *)panels + first / panel_columns * padded * panel_columns + at;
            for (int64_t t = 0; t < k; t++)
                for (int64_t c = 0; c < take; c++) panel[t * panel_columns + c] = scale * rows[c * ld + t];
        }
        rows += take * ld;
        first += take;
        count -= take;
    }
}

// Source rows are depths of the packed matrix: each is cut into runs of 16 columns.
static void pack_depths(
    const float *rows, int64_t first, int64_t count, int64_t ld, float scale, const assize_packed_header *header,
    char *panels
) {
    int64_t n = header->columns, padded = header->depth_padded;
    for (int64_t t = first; t < first + count; t++, rows += ld) {
        for (int64_t column = 0; column < n; column += panel_columns) {
            int64_t take = n - column < panel_columns ? n - column : panel_columns;
            if (header->format == ASSIZE_BF16) {
                uint16_t *run = (uint16_t *)panels + column * padded + (t / 2) * panel_columns * 2 + (t & 1);
                for (int64_t c = 0; c < take; c++) run[c * 2] = bf16_bits(scale * rows[column + c]);
            } else {
                float *run = (float *)panels + column * padded + t * panel_columns;
                for (int64_t c = 0; c < take; c++) run[c] = scale * rows[column + c];
            }
        }
    }
}

static void pack_scaled(
    const float *rows, int64_t first, int64_t count, int64_t ld, int32_t transposed, float scale, void *packed
) {
    const assize_packed_header *header = packed_header(packed);
    char *panels = (char *)packed + sizeof *header;
    (transposed ? pack_depths : pack_columns)(rows, first, count, ld, scale, header, panels);
}

void assize_pack_rows(
    const float *rows, int64_t first, int64_t count, int64_t ld, int32_t transposed, void *packed
) {
    pack_scaled(rows, first, count, ld, transposed, 1.0f, packed);
}

void assize_pack(
    const float *w, int64_t n, int64_t k, int64_t ld, int32_t transposed, int32_t format, void *packed
) {
    assize_pack_begin(n, k, format, packed);
    assize_pack_rows(w, 0, transposed ? k : n, ld, transposed, packed);
}

size_t assize_packed_lora_size(int64_t n, int64_t k, int64_t rank) {
    // Room for either direction, with the down factor in the larger of the two formats it may get.
    size_t forward = assize_packed_size(rank, k, ASSIZE_F32) + assize_packed_size(n, rank, ASSIZE_F32);
    size_t backward = assize_packed_size(rank, n, ASSIZE_F32) + assize_packed_size(k, rank, ASSIZE_F32);
    return sizeof(assize_lora_header) + (forward > backward ? forward : backward);
}

void assize_pack_lora(
    const float *a, const float *b, int64_t n, int64_t k, int64_t rank, float scale, int32_t backward,
    int32_t weight_format, void *packed
) {
    // Only the dot-product kernel needs the down factor in its weights' format; elsewhere floats cost nothing more.
    int32_t format = weight_format == ASSIZE_BF16 && assize_cpu_level() == 3 ? ASSIZE_BF16 : ASSIZE_F32;
    assize_lora_header *header = packed;
    memset(header, 0, sizeof *header);
    header->magic = lora_magic;
    header->rank = (uint32_t)rank;
    int64_t inner = backward ? n : k, outer = backward ? k : n;
    header->down_offset = (int64_t)sizeof *header;
    header->up_offset = header->down_offset + (int64_t)assize_packed_size(rank, inner, format);
    void *down = (char *)packed + header->down_offset, *up = (char *)packed + header->up_offset;
    assize_pack_begin(rank, inner, format, down);
    assize_pack_begin(outer, rank, ASSIZE_F32, up);
    if (backward) {
        // h = dy (scale B), dx += h A: B is [n][rank] and A is [rank][k], so both lie with depth along their rows.
        pack_scaled(b, 0, n, rank, 1, scale, down);
        pack_scaled(a, 0, rank, k, 1, 1.0f, up);
    } else {
        pack_scaled(a, 0, rank, k, 0, 1.0f, down);
        pack_scaled(b, 0, n, rank, 0, scale, up);
    }
}
