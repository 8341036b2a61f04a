#include "Elementwise.h"

#include "Functions.h"

enum { coarse_gelu = 100 };  // gelu to the precision of bf16

#define EACH(expression)                                          \
  LANES for (int64_t i = 0; i < n; i++) {                         \
    float v = x[i];                                               \
    y[i] = (expression);                                          \
  }                                                               \
  break

KERNEL static void apply(int op, int64_t n, const float *x, float *y) {
  switch (op) {
    case braid_gelu: EACH(v * normal_f32(v));
    case coarse_gelu: EACH(v * normal_bf16(v));
    case braid_relu: EACH(v < 0.0f ? 0.0f : v);
    case braid_silu: EACH(v * fast_sigmoid(v));
    case braid_quick_gelu: EACH(v * fast_sigmoid(1.702f * v));
    case braid_sigmoid: EACH(fast_sigmoid(v));
    case braid_tanh: EACH(fast_tanh(v));
    case braid_exp: EACH(fast_exp(v));
    case braid_log: EACH(fast_log(v));
    case braid_softplus: EACH(fast_softplus(v));
    case braid_square: EACH(v * v);
    case braid_sqrt: EACH(__builtin_elementwise_sqrt(v));
  }
}

// Of x times the sigmoid of b x.
INLINE float swish_slope(float v, float b) {
  float s = fast_sigmoid(b * v);
  return s * (1.0f + b * v * (1.0f - s));
}

// dx may be g: every element is read before it is written.
KERNEL static void slope(int op, int64_t n, const float *x, const float *g, float *y) {
  switch (op) {
    case braid_gelu: EACH(g[i] * gelu_slope_f32(v));
    case coarse_gelu: EACH(g[i] * gelu_slope_bf16(v));
    case braid_relu: EACH(v > 0.0f ? g[i] : 0.0f);
    case braid_silu: EACH(g[i] * swish_slope(v, 1.0f));
    case braid_quick_gelu: EACH(g[i] * swish_slope(v, 1.702f));
    case braid_sigmoid: EACH(g[i] * v * (1.0f - v));
    case braid_tanh: EACH(g[i] * (1.0f - v * v));
    case braid_exp: EACH(g[i] * v);
    case braid_log: EACH(g[i] / v);
    case braid_softplus: EACH(g[i] * fast_sigmoid(v));
    case braid_square: EACH(2.0f * g[i] * v);
    case braid_sqrt: EACH(0.5f * g[i] / v);
  }
}

KERNEL static void widen_all(int64_t n, const uint16_t *x, float *y) {
  LANES for (int64_t i = 0; i < n; i++) y[i] = widen(x[i]);
}
KERNEL static void narrow_all(int64_t n, const float *x, uint16_t *y) {
  LANES for (int64_t i = 0; i < n; i++) y[i] = narrow(x[i]);
}

void braid_unary(int op, int type, int64_t n, const void *x, void *y) {
  if (type == 0) {
    apply(op, n, x, y);
    return;
  }
  if (op == braid_gelu) op = coarse_gelu;
  float a[chunk];
  for (int64_t at = 0; at < n; at += chunk) {
    int64_t some = n - at < chunk ? n - at : chunk;
    widen_all(some, (const uint16_t *)x + at, a);
    apply(op, some, a, a);
    narrow_all(some, a, (uint16_t *)y + at);
  }
}

void braid_unary_backward(int op, int type, int64_t n, const void *x, const void *g, void *dx) {
  if (type == 0) {
    slope(op, n, x, g, dx);
    return;
  }
  if (op == braid_gelu) op = coarse_gelu;
  float a[chunk], b[chunk];
  for (int64_t at = 0; at < n; at += chunk) {
    int64_t some = n - at < chunk ? n - at : chunk;
    widen_all(some, (const uint16_t *)x + at, a);
    widen_all(some, (const uint16_t *)g + at, b);
    slope(op, some, a, b, b);
    narrow_all(some, b, (uint16_t *)dx + at);
  }
}

KERNEL void braid_affine(int type, int64_t n, const void *x, float scale, float shift, void *y) {
  if (type == 0) {
    const float *a = x;
    float *b = y;
    LANES for (int64_t i = 0; i < n; i++) b[i] = a[i] * scale + shift;
  } else {
    const uint16_t *a = x;
    uint16_t *b = y;
    LANES for (int64_t i = 0; i < n; i++) b[i] = narrow(widen(a[i]) * scale + shift);
  }
}

KERNEL void braid_add_into(int type_y, int type_x, int64_t n, const void *x, void *y) {
  const float *xf = x;
  const uint16_t *xh = x;
  float *yf = y;
  uint16_t *yh = y;
  if (type_y == 0 && type_x == 0) {
    LANES for (int64_t i = 0; i < n; i++) yf[i] += xf[i];
  } else if (type_y == 0) {
    LANES for (int64_t i = 0; i < n; i++) yf[i] += widen(xh[i]);
  } else if (type_x == 0) {
    LANES for (int64_t i = 0; i < n; i++) yh[i] = narrow(widen(yh[i]) + xf[i]);
  } else {
    LANES for (int64_t i = 0; i < n; i++) yh[i] = narrow(widen(yh[i]) + widen(xh[i]));
  }
}

void braid_convert(int from, int to, int64_t n, const void *x, void *y) {
  if (from == to) {
    memcpy(y, x, (size_t)n * (from == 0 ? 4 : 2));
  } else if (from == 1) {
    widen_all(n, x, y);
  } else {
    narrow_all(n, x, y);
  }
}

// A well-mixed 32-bit hash of the element's number and the seed: a counter needs no stored mask.
INLINE uint32_t mix(uint32_t v) {
  v ^= v >> 16;
  v *= 0x7feb352du;
  v ^= v >> 15;
  v *= 0x846ca68bu;
  return v ^ (v >> 16);
}

KERNEL void braid_dropout(int type, int64_t n, const void *x, float rate, uint64_t seed, void *y) {
  uint32_t limit = (uint32_t)((double)rate * 4294967295.0), low = (uint32_t)seed, high = (uint32_t)(seed >> 32);
  float scale = 1.0f / (1.0f - rate);
  const float *xf = x;
  const uint16_t *xh = x;
  float *yf = y;
  uint16_t *yh = y;
  if (type == 0) {
    LANES for (int64_t i = 0; i < n; i++) {
      uint32_t h = mix(mix((uint32_t)i ^ low) + high);
      yf[i] = h < limit ? 0.0f : xf[i] * scale;
    }
  } else {
    LANES for (int64_t i = 0; i < n; i++) {
      uint32_t h = mix(mix((uint32_t)i ^ low) + high);
      yh[i] = h < limit ? 0 : narrow(widen(xh[i]) * scale);
    }
  }
}
