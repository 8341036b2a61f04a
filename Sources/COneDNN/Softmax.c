#include "Memory.h"
#include "Rows.h"
#include "Functions.h"

KERNEL void braid_softmax(int type, int logarithm, int64_t rows, int64_t width, const void *x, void *y) {
  float *buffer = type ? braid_allocate((size_t)width * 8) : NULL;
  for (int64_t r = 0; r < rows; r++) {
    const float *in = load(type, x, r * width, width, buffer);
    float *out = place(type, y, r * width, buffer ? buffer + width : NULL);
    float m = row_max(width, in);
    LANES for (int64_t i = 0; i < width; i++) out[i] = falling_exp(in[i] - m);
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
      LANES for (int64_t i = 0; i < width; i++) out[i] = d[i] - s * falling_exp(p[i]);
    } else {
      float s = row_dot(width, p, d);
      LANES for (int64_t i = 0; i < width; i++) out[i] = p[i] * (d[i] - s);
    }
    store(type, dx, r * width, width, out);
  }
  braid_release(buffer);
}

// Rows of attention are short, often no multiple of a vector. Each is worked on in a buffer of whole vectors: the
// last one holds the row's last sixteen elements, those that the vector before has too being hidden. So nothing
// is read or written a piece at a time (which would stall the wider access after it).
INLINE int64_t padded(int64_t n) { return (n + 15) & ~(int64_t)15; }
INLINE void sixteen(int type, const void *x, int64_t at, float *out) {
  if (type == 0) memcpy(out, (const float *)x + at, 64);
  else for (int j = 0; j < 16; j++) out[j] = widen(((const uint16_t *)x)[at + j]);
}
INLINE void fetch(int type, const void *x, int64_t at, int64_t n, float *row) {
  int64_t main = n & ~(int64_t)15;
  if (type == 0) {
    LANES16 for (int64_t i = 0; i < main; i++) row[i] = ((const float *)x)[at + i];
  } else {
    LANES16 for (int64_t i = 0; i < main; i++) row[i] = widen(((const uint16_t *)x)[at + i]);
  }
  if (main == n) return;
  if (n >= 16) {
    sixteen(type, x, at + n - 16, row + main);
  } else {
    for (int64_t j = 16 - n; j < 16; j++)
      row[j] = type == 0 ? ((const float *)x)[at + j - 16 + n] : widen(((const uint16_t *)x)[at + j - 16 + n]);
  }
}
INLINE void put(int type, void *y, int64_t at, int64_t n, const float *row) {
  int64_t main = n & ~(int64_t)15;
  // The last vector first: where it overlaps the one before, that one has the values.
  if (main != n && n >= 16) {
    if (type == 0) memcpy((float *)y + at + n - 16, row + main, 64);
    else for (int j = 0; j < 16; j++) ((uint16_t *)y)[at + n - 16 + j] = narrow(row[main + j]);
  } else if (main != n) {
    for (int64_t j = 16 - n; j < 16; j++) {
      if (type == 0) ((float *)y)[at + j - 16 + n] = row[j];
      else ((uint16_t *)y)[at + j - 16 + n] = narrow(row[j]);
    }
  }
  if (type == 0) {
    LANES16 for (int64_t i = 0; i < main; i++) ((float *)y)[at + i] = row[i];
  } else {
    LANES16 for (int64_t i = 0; i < main; i++) ((uint16_t *)y)[at + i] = narrow(row[i]);
  }
}
// In the last vector, the lanes that the vector before has already.
INLINE void hide_overlap(int64_t n, float *row, float value) {
  int64_t main = n & ~(int64_t)15, over = 16 - (n - main);
  if (main != n) for (int j = 0; j < 16; j++) row[main + j] = j < over ? value : row[main + j];
}

// Rows stand four abreast, stage by stage: one row's stages wait for one another, four fill the waiting.
enum { abreast = 4 };

KERNEL void braid_attention_softmax(int type, int64_t batch, int64_t heads, int64_t queries, int64_t keys,
                                    const float *mask, int causal, void *scores) {
  int64_t wide = padded(keys), per_batch = heads * queries, hidden = -1;  // the row length that `hide` is laid out for
  float *rows = braid_allocate((size_t)wide * (abreast + 2) * 4);
  float *keep = rows + abreast * wide, *hide = keep + wide;
  for (int64_t r = 0; r < batch * per_batch; r += abreast) {
    int64_t n[abreast], at[abreast];
    float most[abreast], inverse[abreast];
    int some = batch * per_batch - r < abreast ? (int)(batch * per_batch - r) : abreast;
    for (int k = 0; k < some; k++) {
      float *row = rows + k * wide;
      int64_t last = (r + k) % queries + keys - queries;  // the query's own place among the keys
      at[k] = (r + k) * keys;
      n[k] = !causal || last >= keys ? keys : last < 0 ? 0 : last + 1;
      fetch(type, scores, at[k], n[k], row);
      if (mask) {
        int64_t b = (r + k) / per_batch;
        if ((r + k) % per_batch == 0) {
          for (int64_t i = 0; i < keys; i++) keep[i] = mask[b * keys + i] == 0.0f ? -INFINITY : 0.0f;
          hidden = -1;
        }
        if (hidden != n[k]) fetch(0, keep, 0, n[k], hide);
        hidden = n[k];
        LANES16 for (int64_t i = 0; i < padded(n[k]); i++) row[i] += hide[i];
      }
      hide_overlap(n[k], row, -INFINITY);
    }
    for (int k = 0; k < some; k++) most[k] = row_max(padded(n[k]), rows + k * wide);
    for (int k = 0; k < some; k++) {
      float *row = rows + k * wide, m = most[k] > -INFINITY ? most[k] : 0.0f;
      LANES16 for (int64_t i = 0; i < padded(n[k]); i++) row[i] = falling_exp(row[i] - m);
    }
    // A row without keys sums to 0 and becomes 0; a score that is no number makes its row so, to be noticed.
    for (int k = 0; k < some; k++) {
      float sum = row_sum(padded(n[k]), rows + k * wide);
      inverse[k] = sum == 0.0f ? 0.0f : 1.0f / sum;
    }
    for (int k = 0; k < some; k++) {
      float *row = rows + k * wide;
      LANES16 for (int64_t i = 0; i < padded(n[k]); i++) row[i] *= inverse[k];
      put(type, scores, at[k], n[k], row);
      for (int64_t i = n[k]; i < keys; i++) {
        if (type == 0) ((float *)scores)[at[k] + i] = 0.0f;
        else ((uint16_t *)scores)[at[k] + i] = 0;
      }
    }
  }
  braid_release(rows);
}

KERNEL void braid_attention_softmax_backward(int type, int64_t rows, int64_t width, const void *p, float scale,
                                             void *d) {
  int64_t full = padded(width);
  float *weights = braid_allocate((size_t)full * abreast * 8), *g = weights + abreast * full;
  memset(weights, 0, (size_t)full * abreast * 8);
  for (int64_t r = 0; r < rows; r += abreast) {
    float sum[abreast];
    int some = rows - r < abreast ? (int)(rows - r) : abreast;
    for (int k = 0; k < some; k++) {
      fetch(type, p, (r + k) * width, width, weights + k * full);
      fetch(type, d, (r + k) * width, width, g + k * full);
      hide_overlap(width, weights + k * full, 0.0f);
    }
    for (int k = 0; k < some; k++) sum[k] = row_dot(full, weights + k * full, g + k * full);
    for (int k = 0; k < some; k++) {
      float *w = weights + k * full, *h = g + k * full, s = sum[k];
      LANES16 for (int64_t i = 0; i < full; i++) h[i] = scale * w[i] * (h[i] - s);
      put(type, d, (r + k) * width, width, h);
    }
  }
  braid_release(weights);
}
