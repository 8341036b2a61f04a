// Elementary functions of one float, made of arithmetic and selections only, so that loops over them vectorise.
// No reassociation here: the rounding trick in the exponentials depends on the order.
#ifndef BRAID_FUNCTIONS_H
#define BRAID_FUNCTIONS_H
#include "Vector.h"

// e^x: x = n ln2 + r, |r| <= ln2 / 2, a polynomial of least largest relative error (3e-9), scaled by 2^n in two
// steps so that results below the normal range come out as denormals and above it as infinity.
INLINE float fast_exp(float x) {
  float z = x < -104.0f ? -104.0f : x;
  z = z > 89.0f ? 89.0f : z;
  float shifted = z * 1.44269504f + 12582912.0f;
  int32_t n = (int32_t)(as_bits(shifted) - as_bits(12582912.0f));
  float k = shifted - 12582912.0f;
  float r = z - k * 0.693145752f;
  r = r - k * 1.42860677e-6f;
  float p = 1.38146112e-3f;
  p = p * r + 8.36871026e-3f;
  p = p * r + 4.16683874e-2f;
  p = p * r + 1.66665207e-1f;
  p = p * r + 0.499999935f;
  p = p * r + 1.0f;
  p = p * r + 1.0f;
  int32_t half = n >> 1;
  float y = p * as_float((uint32_t)(half + 127) << 23) * as_float((uint32_t)(n - half + 127) << 23);
  return x == x ? y : x;
}

// e^x for x <= 0 with relative error 1e-7, and 0 below e^-87: softmax's.
INLINE float falling_exp(float x) {
  float z = x < -87.0f ? -87.0f : x;
  float shifted = z * 1.44269504f + 12582912.0f;
  float k = shifted - 12582912.0f;
  float r = z - k * 0.693145752f;
  r = r - k * 1.42860677e-6f;
  float p = 8.31252731e-3f;
  p = p * r + 4.18901179e-2f;
  p = p * r + 1.66671145e-1f;
  p = p * r + 0.499992318f;
  p = p * r + 1.0f;
  p = p * r + 1.0f;
  float y = p * as_float((as_bits(shifted) << 23) + (127u << 23));
  return x < -87.0f ? 0.0f : y;
}

// ln x for x >= 0: mantissa m in [sqrt(1/2), sqrt(2)), ln m = 2 atanh((m - 1) / (m + 1)).
INLINE float fast_log(float x) {
  float scale = x < 1.17549435e-38f ? 8388608.0f : 1.0f;
  float shift = x < 1.17549435e-38f ? 23.0f : 0.0f;
  uint32_t u = as_bits(x * scale) - 0x3f3504f3u;
  float e = (float)((int32_t)u >> 23) - shift;
  float m = as_float((u & 0x007fffffu) + 0x3f3504f3u);
  float f = m - 1.0f;
  float s = f / (m + 1.0f);
  float q = s * s;
  float p = 0.22222222f * 0.5f;
  p = p * q + 0.14285714f;
  p = p * q + 0.2f;
  p = p * q + 0.33333333f;
  // ln m = 2s + 2s q p and 2s = f - s f, so f stands alone and keeps its precision near 1.
  float h = 2.0f * q * p - f;
  float y = e * 0.693147182f + (f + (s * h - e * 1.90465421e-9f));
  y = x == INFINITY ? x : y;
  y = x == 0.0f ? -INFINITY : y;
  return x >= 0.0f ? y : NAN;
}

INLINE float fast_sigmoid(float x) { return 1.0f / (1.0f + fast_exp(-x)); }

// ln(1 + u) for u in [0, 1]; the quotient restores what 1 + u rounded away.
INLINE float fast_log1p(float u) {
  float w = 1.0f + u;
  float d = w - 1.0f;
  return d == 0.0f ? u : fast_log(w) * (u / d);
}
INLINE float fast_softplus(float x) { return (x > 0.0f ? x : 0.0f) + fast_log1p(fast_exp(-fabsf(x))); }

INLINE float fast_tanh(float x) {
  float a = fabsf(x), q = x * x;
  float big = 1.0f - 2.0f / (fast_exp(2.0f * a) + 1.0f);
  float p = 2.18694885e-2f;
  p = p * q - 5.39682540e-2f;
  p = p * q + 1.33333333e-1f;
  p = p * q - 3.33333333e-1f;
  float small = a + a * q * p;
  float y = a < 0.3f ? small : big;
  return as_float(as_bits(y) | (as_bits(x) & 0x80000000u));
}

// The normal distribution function Phi and gelu's slope Phi(x) + x phi(x) are 1/2 plus odd functions: x times a
// polynomial in x^2 (t runs over -1...1), fitted for the least largest error; beyond the range they are 0 or 1 to
// that error. Errors of gelu and slope: 6e-7 for f32, 8e-6 for bf16, whose own steps are coarser still.
INLINE float normal_f32(float x) {
  float z = x > 5.4f ? 5.4f : x;
  z = z < -5.4f ? -5.4f : z;
  float t = z * z * 0.0685871056f - 1.0f;
  float p = 0.000315629893f;
  p = p * t - 0.000962008771f;
  p = p * t + 0.0010993122f;
  p = p * t - 0.00137331429f;
  p = p * t + 0.00340801748f;
  p = p * t - 0.00651517569f;
  p = p * t + 0.00978677227f;
  p = p * t - 0.0140648393f;
  p = p * t + 0.0196087831f;
  p = p * t - 0.0257218258f;
  p = p * t + 0.0321210302f;
  p = p * t - 0.039209325f;
  p = p * t + 0.0484994018f;
  p = p * t - 0.0653279834f;
  p = p * t + 0.130928114f;
  float y = 0.5f + z * p;
  y = x > 5.4f ? 1.0f : y;
  return x < -5.4f ? 0.0f : y;
}
INLINE float normal_bf16(float x) {
  float z = x > 5.0f ? 5.0f : x;
  z = z < -5.0f ? -5.0f : z;
  float t = z * z * 0.08f - 1.0f;
  float p = 0.002277232f;
  p = p * t - 0.00627794937f;
  p = p * t + 0.00702136875f;
  p = p * t - 0.00832994439f;
  p = p * t + 0.0155478316f;
  p = p * t - 0.0242150918f;
  p = p * t + 0.0317441695f;
  p = p * t - 0.0403191844f;
  p = p * t + 0.0514880094f;
  p = p * t - 0.0703005178f;
  p = p * t + 0.141364302f;
  float y = 0.5f + z * p;
  y = x > 5.0f ? 1.0f : y;
  return x < -5.0f ? 0.0f : y;
}
INLINE float gelu_slope_f32(float x) {
  float z = x > 5.6f ? 5.6f : x;
  z = z < -5.6f ? -5.6f : z;
  float t = z * z * 0.0637755102f - 1.0f;
  float p = -0.00676886113f;
  p = p * t + 0.0162351949f;
  p = p * t - 0.00690533901f;
  p = p * t + 0.00184490503f;
  p = p * t - 0.0321604209f;
  p = p * t + 0.0575309625f;
  p = p * t - 0.0558834283f;
  p = p * t + 0.0600382064f;
  p = p * t - 0.0721655542f;
  p = p * t + 0.0732012779f;
  p = p * t - 0.0651848552f;
  p = p * t + 0.0565010771f;
  p = p * t - 0.050947228f;
  p = p * t + 0.0518161102f;
  p = p * t - 0.0642829045f;
  p = p * t + 0.126416583f;
  float y = 0.5f + z * p;
  y = x > 5.6f ? 1.0f : y;
  return x < -5.6f ? 0.0f : y;
}
INLINE float gelu_slope_bf16(float x) {
  float z = x > 5.2f ? 5.2f : x;
  z = z < -5.2f ? -5.2f : z;
  float t = z * z * 0.073964497f - 1.0f;
  float p = 0.0176078251f;
  p = p * t - 0.0397937461f;
  p = p * t + 0.0205910381f;
  p = p * t - 0.0122178026f;
  p = p * t + 0.0598423528f;
  p = p * t - 0.08950377f;
  p = p * t + 0.0800415773f;
  p = p * t - 0.0741599776f;
  p = p * t + 0.0718836318f;
  p = p * t - 0.0643236189f;
  p = p * t + 0.0606266089f;
  p = p * t - 0.0708506474f;
  p = p * t + 0.136411957f;
  float y = 0.5f + z * p;
  y = x > 5.2f ? 1.0f : y;
  return x < -5.2f ? 0.0f : y;
}
#endif
