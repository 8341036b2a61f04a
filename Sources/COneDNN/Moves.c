#include "Moves.h"

#include "Vector.h"

#define PERMUTE(T)                                                                   \
  for (int64_t row = 0; row < rows; row++) {                                         \
    const T *in = (const T *)x + at;                                                 \
    T *out = (T *)y + row * inner;                                                   \
    if (step == 1) memcpy(out, in, (size_t)inner * sizeof(T));                       \
    else for (int64_t i = 0; i < inner; i++) out[i] = in[i * step];                  \
    for (int r = rank - 2; r >= 0; r--) {                                            \
      at += strides[r];                                                              \
      if (++index[r] < sizes[r]) break;                                              \
      at -= strides[r] * sizes[r];                                                   \
      index[r] = 0;                                                                  \
    }                                                                                \
  }

void braid_permute(int type, int rank, const int64_t *sizes, const int64_t *strides, const void *x, void *y) {
  int64_t inner = sizes[rank - 1], step = strides[rank - 1], index[8] = {0}, at = 0, rows = 1;
  for (int r = 0; r < rank - 1; r++) rows *= sizes[r];
  if (type == 0) {
    PERMUTE(uint32_t)
  } else {
    PERMUTE(uint16_t)
  }
}

void braid_copy_runs(int64_t rows, int64_t bytes, const void *x, int64_t stride_x, void *y, int64_t stride_y) {
  for (int64_t r = 0; r < rows; r++)
    memcpy((char *)y + r * stride_y, (const char *)x + r * stride_x, (size_t)bytes);
}

KERNEL void braid_add_runs(int type_y, int type_x, int64_t rows, int64_t count, const void *x, int64_t stride_x,
                           void *y, int64_t stride_y) {
  for (int64_t r = 0; r < rows; r++) {
    const void *from = (const char *)x + r * stride_x;
    void *to = (char *)y + r * stride_y;
    const float *xf = from;
    const uint16_t *xh = from;
    float *yf = to;
    uint16_t *yh = to;
    if (type_y == 0) {
      for (int64_t i = 0; i < count; i++) yf[i] += type_x == 0 ? xf[i] : widen(xh[i]);
    } else {
      for (int64_t i = 0; i < count; i++) yh[i] = narrow(widen(yh[i]) + (type_x == 0 ? xf[i] : widen(xh[i])));
    }
  }
}

void braid_gather(int type, int64_t count, int64_t width, const int64_t *indices, const void *table, void *y) {
  size_t bytes = (size_t)width * (type == 0 ? 4 : 2);
  for (int64_t i = 0; i < count; i++)
    memcpy((char *)y + (size_t)i * bytes, (const char *)table + (size_t)indices[i] * bytes, bytes);
}

KERNEL void braid_scatter_add(int type, int64_t count, int64_t width, const int64_t *indices, const void *g,
                              float *table) {
  for (int64_t r = 0; r < count; r++) {
    float *out = table + indices[r] * width;
    if (type == 0) {
      const float *in = (const float *)g + r * width;
      for (int64_t i = 0; i < width; i++) out[i] += in[i];
    } else {
      const uint16_t *in = (const uint16_t *)g + r * width;
      for (int64_t i = 0; i < width; i++) out[i] += widen(in[i]);
    }
  }
}
