#include "Elementwise.h"
#include "Vector.h"

#define EACH(expression)                                         \
  LANES for (int64_t i = 0; i < n; i++) {                        \
    float p = a[i * sa], q = b[i * sb];                          \
    y[i] = (expression);                                         \
  }                                                              \
  break

INLINE void line(int op, int64_t n, const float *a, int64_t sa, const float *b, int64_t sb, float *y) {
  switch (op) {
    case braid_add: EACH(p + q);
    case braid_subtract: EACH(p - q);
    case braid_multiply: EACH(p * q);
    case braid_divide: EACH(p / q);
  }
}

INLINE void line_any(int op, int64_t n, const float *a, int64_t sa, const float *b, int64_t sb, float *y) {
  // Constant strides let each case become plain vector code.
  if (sa == 1 && sb == 1) line(op, n, a, 1, b, 1, y);
  else if (sa == 1 && sb == 0) line(op, n, a, 1, b, 0, y);
  else if (sa == 0 && sb == 1) line(op, n, a, 0, b, 1, y);
  else line(op, n, a, sa, b, sb, y);
}

KERNEL void braid_binary(int op, int type, int rank, const int64_t *sizes, const int64_t *strides_a,
                         const int64_t *strides_b, const void *a, const void *b, void *y) {
  int64_t inner = sizes[rank - 1], sa = strides_a[rank - 1], sb = strides_b[rank - 1];
  int64_t index[8] = {0}, at_a = 0, at_b = 0, rows = 1;
  for (int r = 0; r < rank - 1; r++) rows *= sizes[r];
  float wa[chunk], wb[chunk];
  for (int64_t row = 0; row < rows; row++) {
    if (type == 0) {
      line_any(op, inner, (const float *)a + at_a, sa, (const float *)b + at_b, sb, (float *)y + row * inner);
    } else {
      for (int64_t at = 0; at < inner; at += chunk) {
        int64_t some = inner - at < chunk ? inner - at : chunk;
        const uint16_t *ha = (const uint16_t *)a + at_a + at * sa, *hb = (const uint16_t *)b + at_b + at * sb;
        uint16_t *out = (uint16_t *)y + row * inner + at;
        if (sa == 1) for (int64_t i = 0; i < some; i++) wa[i] = widen(ha[i]);
        else for (int64_t i = 0; i < some; i++) wa[i] = widen(ha[i * sa]);
        if (sb == 1) for (int64_t i = 0; i < some; i++) wb[i] = widen(hb[i]);
        else for (int64_t i = 0; i < some; i++) wb[i] = widen(hb[i * sb]);
        line(op, some, wa, 1, wb, 1, wa);
        for (int64_t i = 0; i < some; i++) out[i] = narrow(wa[i]);
      }
    }
    for (int r = rank - 2; r >= 0; r--) {
      at_a += strides_a[r], at_b += strides_b[r];
      if (++index[r] < sizes[r]) break;
      at_a -= strides_a[r] * sizes[r], at_b -= strides_b[r] * sizes[r];
      index[r] = 0;
    }
  }
}

INLINE float total(int type, int64_t n, const void *x, int64_t at) {
  if (type == 0) return row_sum(n, (const float *)x + at);
  float buffer[chunk], sum = 0;
  for (int64_t i = 0; i < n; i += chunk) {
    int64_t some = n - i < chunk ? n - i : chunk;
    sum += row_sum(some, load(type, x, at + i, some, buffer));
  }
  return sum;
}

KERNEL void braid_reduce(int type, int rank, const int64_t *sizes, const int64_t *strides_y, const void *x,
                         float scale, float *y, int64_t count_y) {
  int64_t inner = sizes[rank - 1], sy = strides_y[rank - 1], index[8] = {0}, at_y = 0, rows = 1;
  for (int r = 0; r < rank - 1; r++) rows *= sizes[r];
  memset(y, 0, (size_t)count_y * sizeof(float));
  for (int64_t row = 0; row < rows; row++) {
    int64_t at = row * inner;
    float *out = y + at_y;
    if (sy == 0) {
      *out += type == 0 ? total(0, inner, x, at) : total(1, inner, x, at);
    } else if (type == 0) {
      const float *in = (const float *)x + at;
      for (int64_t i = 0; i < inner; i++) out[i] += in[i];
    } else {
      const uint16_t *in = (const uint16_t *)x + at;
      for (int64_t i = 0; i < inner; i++) out[i] += widen(in[i]);
    }
    for (int r = rank - 2; r >= 0; r--) {
      at_y += strides_y[r];
      if (++index[r] < sizes[r]) break;
      at_y -= strides_y[r] * sizes[r];
      index[r] = 0;
    }
  }
  if (scale != 1.0f) for (int64_t i = 0; i < count_y; i++) y[i] *= scale;
}
