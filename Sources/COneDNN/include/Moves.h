#ifndef BRAID_MOVES_H
#define BRAID_MOVES_H
#include <stdint.h>

/// y[index] = x at the sum of index times stride (in elements of 4 or 2 bytes); y is dense.
void braid_permute(int type, int rank, const int64_t *sizes, const int64_t *strides_x, const void *x, void *y);

/// Copies `rows` runs of `bytes` bytes, the strides of source and destination in bytes.
void braid_copy_runs(int64_t rows, int64_t bytes, const void *x, int64_t stride_x, void *y, int64_t stride_y);
/// As copying, but y += x.
void braid_add_runs(int type_y, int type_x, int64_t rows, int64_t count, const void *x, int64_t stride_x, void *y,
                    int64_t stride_y);

/// y[i] = table[indices[i]] by rows of `width` elements; the reverse adds rows of g into an f32 table.
void braid_gather(int type, int64_t count, int64_t width, const int64_t *indices, const void *table, void *y);
void braid_scatter_add(int type, int64_t count, int64_t width, const int64_t *indices, const void *g, float *table);
#endif
