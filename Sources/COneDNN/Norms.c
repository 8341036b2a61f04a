#include "Memory.h"
#include "Rows.h"
#include "Vector.h"

KERNEL void braid_layer_norm(int type, int64_t rows, int64_t width, const void *x, const float *weight,
                             const float *bias, float epsilon, void *y, float *statistics) {
  float *buffer = type ? braid_allocate((size_t)width * 8) : NULL;
  for (int64_t r = 0; r < rows; r++) {
    const float *in = load(type, x, r * width, width, buffer);
    float *out = place(type, y, r * width, buffer ? buffer + width : NULL);
    float mean = row_sum(width, in) / (float)width;
    float inverse = 1.0f / __builtin_elementwise_sqrt(row_spread(width, in, mean) / (float)width + epsilon);
    LANES for (int64_t i = 0; i < width; i++) out[i] = (in[i] - mean) * inverse * weight[i] + bias[i];
    statistics[2 * r] = mean, statistics[2 * r + 1] = inverse;
    store(type, y, r * width, width, out);
  }
  braid_release(buffer);
}

KERNEL void braid_layer_norm_backward(int type, int64_t rows, int64_t width, const void *x, const float *weight,
                                      const float *statistics, const void *g, void *dx, int adding,
                                      float *dweight, float *dbias) {
  float *buffer = braid_allocate((size_t)width * 16), *z = buffer + 2 * width, *h = z + width;
  if (dweight) memset(dweight, 0, (size_t)width * 4), memset(dbias, 0, (size_t)width * 4);
  for (int64_t r = 0; r < rows; r++) {
    const float *in = load(type, x, r * width, width, buffer);
    const float *d = load(type, g, r * width, width, buffer + width);
    float mean = statistics[2 * r], inverse = statistics[2 * r + 1];
    LANES for (int64_t i = 0; i < width; i++) z[i] = (in[i] - mean) * inverse;
    if (dweight) {
      LANES for (int64_t i = 0; i < width; i++) {
        dweight[i] += d[i] * z[i];
        dbias[i] += d[i];
      }
    }
    if (!dx) continue;
    // dx = inverse (h - mean(h) - z mean(h z)), with h = g weight and z the normalised x.
    LANES for (int64_t i = 0; i < width; i++) h[i] = d[i] * weight[i];
    float a = row_sum(width, h) / (float)width, b = row_dot(width, h, z) / (float)width;
    if (type == 0) {
      float *out = (float *)dx + r * width;
      if (adding) LANES for (int64_t i = 0; i < width; i++) out[i] += inverse * (h[i] - a - z[i] * b);
      else LANES for (int64_t i = 0; i < width; i++) out[i] = inverse * (h[i] - a - z[i] * b);
    } else {
      uint16_t *out = (uint16_t *)dx + r * width;
      if (adding) LANES for (int64_t i = 0; i < width; i++) out[i] = narrow(widen(out[i]) + inverse * (h[i] - a - z[i] * b));
      else LANES for (int64_t i = 0; i < width; i++) out[i] = narrow(inverse * (h[i] - a - z[i] * b));
    }
  }
  braid_release(buffer);
}

KERNEL void braid_l2_normalize(int type, int64_t rows, int64_t width, const void *x, float epsilon, void *y,
                               float *norms) {
  float *buffer = type ? braid_allocate((size_t)width * 8) : NULL;
  for (int64_t r = 0; r < rows; r++) {
    const float *in = load(type, x, r * width, width, buffer);
    float *out = place(type, y, r * width, buffer ? buffer + width : NULL);
    float norm = __builtin_elementwise_sqrt(row_dot(width, in, in));
    norms[r] = norm > epsilon ? norm : -epsilon;
    float inverse = 1.0f / (norm > epsilon ? norm : epsilon);
    LANES for (int64_t i = 0; i < width; i++) out[i] = in[i] * inverse;
    store(type, y, r * width, width, out);
  }
  braid_release(buffer);
}

KERNEL void braid_l2_normalize_backward(int type, int64_t rows, int64_t width, const void *y, const float *norms,
                                        const void *g, void *dx) {
  float *buffer = type ? braid_allocate((size_t)width * 8) : NULL;
  for (int64_t r = 0; r < rows; r++) {
    const float *u = load(type, y, r * width, width, buffer);
    const float *d = load(type, g, r * width, width, buffer ? buffer + width : NULL);
    float *out = place(type, dx, r * width, buffer);
    float inverse = 1.0f / fabsf(norms[r]), dot = norms[r] > 0 ? row_dot(width, u, d) : 0;
    LANES for (int64_t i = 0; i < width; i++) out[i] = inverse * (d[i] - u[i] * dot);
    store(type, dx, r * width, width, out);
  }
  braid_release(buffer);
}

KERNEL void braid_masked_mean(int type, int64_t batch, int64_t tokens, int64_t width, const void *x,
                              const float *mask, void *y) {
  float *buffer = braid_allocate((size_t)width * 8);
  for (int64_t b = 0; b < batch; b++) {
    float *out = place(type, y, b * width, buffer);
    float sum = 0;
    for (int64_t t = 0; t < tokens; t++) sum += mask[b * tokens + t];
    LANES for (int64_t i = 0; i < width; i++) out[i] = 0;
    for (int64_t t = 0; t < tokens && sum != 0; t++) {
      float m = mask[b * tokens + t] / sum;
      if (m == 0) continue;
      const float *in = load(type, x, (b * tokens + t) * width, width, buffer + width);
      LANES for (int64_t i = 0; i < width; i++) out[i] += m * in[i];
    }
    store(type, y, b * width, width, out);
  }
  braid_release(buffer);
}

KERNEL void braid_masked_mean_backward(int type, int64_t batch, int64_t tokens, int64_t width, const void *g,
                                       const float *mask, void *dx) {
  float *buffer = braid_allocate((size_t)width * 8);
  for (int64_t b = 0; b < batch; b++) {
    const float *d = load(type, g, b * width, width, buffer);
    float sum = 0;
    for (int64_t t = 0; t < tokens; t++) sum += mask[b * tokens + t];
    for (int64_t t = 0; t < tokens; t++) {
      float m = sum != 0 ? mask[b * tokens + t] / sum : 0;
      float *out = place(type, dx, (b * tokens + t) * width, buffer + width);
      LANES for (int64_t i = 0; i < width; i++) out[i] = m * d[i];
      store(type, dx, (b * tokens + t) * width, width, out);
    }
  }
  braid_release(buffer);
}

KERNEL void braid_sum_rows(int type, int64_t rows, int64_t width, const void *x, int accumulate, float *sums) {
  if (!accumulate) memset(sums, 0, (size_t)width * 4);
  for (int64_t r = 0; r < rows; r++) {
    if (type == 0) {
      const float *in = (const float *)x + r * width;
      LANES for (int64_t i = 0; i < width; i++) sums[i] += in[i];
    } else {
      const uint16_t *in = (const uint16_t *)x + r * width;
      LANES for (int64_t i = 0; i < width; i++) sums[i] += widen(in[i]);
    }
  }
}
