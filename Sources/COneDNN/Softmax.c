#include "Memory.h"
#include "Rows.h"
#include "Vector.h"

// Sixteen lanes of partial results: vector code without reassociation, and the same bits at every run.
INLINE float row_max(int64_t n, const float *x) {
  float part[16];
  for (int j = 0; j < 16; j++) part[j] = -INFINITY;
  int64_t i = 0;
  for (; i + 16 <= n; i += 16)
    for (int j = 0; j < 16; j++) part[j] = x[i + j] > part[j] ? x[i + j] : part[j];
  float m = -INFINITY;
  for (; i < n; i++) m = x[i] > m ? x[i] : m;
  for (int j = 0; j < 16; j++) m = part[j] > m ? part[j] : m;
  return m;
}
INLINE float fold(float *part) {
  for (int width = 8; width; width /= 2)
    for (int j = 0; j < width; j++) part[j] += part[j + width];
  return part[0];
}
INLINE float row_sum(int64_t n, const float *x) {
  float part[16] = {0}, s = 0;
  int64_t i = 0;
  for (; i + 16 <= n; i += 16)
    for (int j = 0; j < 16; j++) part[j] += x[i + j];
  for (; i < n; i++) s += x[i];
  return s + fold(part);
}
INLINE float row_dot(int64_t n, const float *x, const float *y) {
  float part[16] = {0}, s = 0;
  int64_t i = 0;
  for (; i + 16 <= n; i += 16)
    for (int j = 0; j < 16; j++) part[j] += x[i + j] * y[i + j];
  for (; i < n; i++) s += x[i] * y[i];
  return s + fold(part);
}

KERNEL void braid_softmax(int type, int logarithm, int64_t rows, int64_t width, const void *x, void *y) {
  float *buffer = type ? braid_allocate((size_t)width * 8) : NULL;
  for (int64_t r = 0; r < rows; r++) {
    const float *in = load(type, x, r * width, width, buffer);
    float *out = place(type, y, r * width, buffer ? buffer + width : NULL);
    float m = row_max(width, in);
    LANES for (int64_t i = 0; i < width; i++) out[i] = fast_exp(in[i] - m);
    float s = row_sum(width, out);
    if (logarithm) {
      float l = m + logf(s);
      LANES for (int64_t i = 0; i < width; i++) out[i] = in[i] - l;
    } else {
      float inverse = 1.0f / s;
      LANES for (int64_t i = 0; i < width; i++) out[i] *= inverse;
    }
    store(type, y, r * width, width, out);
  }
  braid_release(buffer);
}

KERNEL void braid_softmax_backward(int type, int logarithm, int64_t rows, int64_t width, const void *y,
                                   const void *g, void *dx) {
  float *buffer = type ? braid_allocate((size_t)width * 8) : NULL;
  for (int64_t r = 0; r < rows; r++) {
    const float *p = load(type, y, r * width, width, buffer);
    const float *d = load(type, g, r * width, width, buffer ? buffer + width : NULL);
    float *out = place(type, dx, r * width, buffer);
    if (logarithm) {
      float s = row_sum(width, d);
      LANES for (int64_t i = 0; i < width; i++) out[i] = d[i] - s * fast_exp(p[i]);
    } else {
      float s = row_dot(width, p, d);
      LANES for (int64_t i = 0; i < width; i++) out[i] = p[i] * (d[i] - s);
    }
    store(type, dx, r * width, width, out);
  }
  braid_release(buffer);
}

KERNEL void braid_attention_softmax(int type, int64_t batch, int64_t heads, int64_t queries, int64_t keys,
                                    const float *mask, int causal, void *scores) {
  float *buffer = braid_allocate((size_t)keys * 8), *hide = buffer + keys;
  for (int64_t b = 0; b < batch; b++) {
    if (mask) LANES for (int64_t i = 0; i < keys; i++) hide[i] = mask[b * keys + i] != 0.0f ? 0.0f : -INFINITY;
    for (int64_t r = 0; r < heads * queries; r++) {
      int64_t at = (b * heads * queries + r) * keys, place_of_query = r % queries + (keys - queries);
      int64_t n = causal && place_of_query + 1 < keys ? place_of_query + 1 : keys;
      if (n < 0) n = 0;
      const float *in = load(type, scores, at, n, buffer);
      float *out = place(type, scores, at, buffer);
      if (mask) LANES for (int64_t i = 0; i < n; i++) out[i] = in[i] + hide[i];
      float m = row_max(n, mask ? out : in);
      if (m > -INFINITY) {
        LANES for (int64_t i = 0; i < n; i++) out[i] = fast_exp((mask ? out[i] : in[i]) - m);
        float inverse = 1.0f / row_sum(n, out);
        LANES for (int64_t i = 0; i < n; i++) out[i] *= inverse;
      } else {
        LANES for (int64_t i = 0; i < n; i++) out[i] = 0.0f;
      }
      LANES for (int64_t i = n; i < keys; i++) out[i] = 0.0f;
      store(type, scores, at, keys, out);
    }
  }
  braid_release(buffer);
}

KERNEL void braid_attention_softmax_backward(int type, int64_t rows, int64_t width, const void *p, float scale,
                                             void *d) {
  float *buffer = type ? braid_allocate((size_t)width * 8) : NULL;
  for (int64_t r = 0; r < rows; r++) {
    const float *weights = load(type, p, r * width, width, buffer);
    const float *g = load(type, d, r * width, width, buffer ? buffer + width : NULL);
    float *out = place(type, d, r * width, buffer ? buffer + width : NULL);
    float s = row_dot(width, weights, g);
    LANES for (int64_t i = 0; i < width; i++) out[i] = scale * weights[i] * (g[i] - s);
    store(type, d, r * width, width, out);
  }
  braid_release(buffer);
}
