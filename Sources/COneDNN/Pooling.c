#include "Pooling.h"

#include "Memory.h"
#include "Vector.h"

#define OUTPUTS                                            \
  for (int64_t b = 0; b < p->batch; b++)                   \
    for (int64_t i = 0; i < p->out_height; i++)            \
      for (int64_t j = 0; j < p->out_width; j++)
#define WINDOW                                             \
  for (int64_t u = 0; u < p->window_h; u++)                \
    for (int64_t v = 0; v < p->window_w; v++)
#define OUT ((((b * p->out_height + i) * p->out_width) + j) * p->channels)
#define IN (((b * p->height + i * p->stride_h + u) * p->width + j * p->stride_w + v) * p->channels)

KERNEL void braid_average_pool(int type, const braid_pool_t *p, const void *x, void *y) {
  int64_t n = p->channels;
  float share = 1.0f / (float)(p->window_h * p->window_w);
  float *buffer = braid_allocate((size_t)n * 8);
  OUTPUTS {
    float *out = place(type, y, OUT, buffer);
    for (int64_t c = 0; c < n; c++) out[c] = 0;
    WINDOW {
      const float *in = load(type, x, IN, n, buffer + n);
      for (int64_t c = 0; c < n; c++) out[c] += in[c];
    }
    for (int64_t c = 0; c < n; c++) out[c] *= share;
    store(type, y, OUT, n, out);
  }
  braid_release(buffer);
}

KERNEL void braid_average_pool_backward(int type, const braid_pool_t *p, const void *g, float *dx) {
  int64_t n = p->channels;
  float share = 1.0f / (float)(p->window_h * p->window_w);
  float *buffer = braid_allocate((size_t)n * 4);
  memset(dx, 0, (size_t)(p->batch * p->height * p->width * n) * 4);
  OUTPUTS {
    const float *d = load(type, g, OUT, n, buffer);
    WINDOW {
      float *to = dx + IN;
      for (int64_t c = 0; c < n; c++) to[c] += share * d[c];
    }
  }
  braid_release(buffer);
}

KERNEL void braid_max_pool(int type, const braid_pool_t *p, const void *x, void *y, int32_t *chosen) {
  int64_t n = p->channels;
  float *buffer = braid_allocate((size_t)n * 8);
  OUTPUTS {
    float *out = place(type, y, OUT, buffer);
    int32_t *best = chosen + OUT;
    WINDOW {
      const float *in = load(type, x, IN, n, buffer + n);
      int32_t at = (int32_t)(u * p->window_w + v);
      if (at == 0) {
        for (int64_t c = 0; c < n; c++) out[c] = in[c], best[c] = 0;
      } else {
        for (int64_t c = 0; c < n; c++) {
          int more = in[c] > out[c];
          out[c] = more ? in[c] : out[c];
          best[c] = more ? at : best[c];
        }
      }
    }
    store(type, y, OUT, n, out);
  }
  braid_release(buffer);
}

KERNEL void braid_max_pool_backward(int type, const braid_pool_t *p, const void *g, const int32_t *chosen,
                                    float *dx) {
  int64_t n = p->channels;
  float *buffer = braid_allocate((size_t)n * 4);
  memset(dx, 0, (size_t)(p->batch * p->height * p->width * n) * 4);
  OUTPUTS {
    const float *d = load(type, g, OUT, n, buffer);
    const int32_t *best = chosen + OUT;
    WINDOW {
      float *to = dx + IN;
      int32_t at = (int32_t)(u * p->window_w + v);
      for (int64_t c = 0; c < n; c++) to[c] += best[c] == at ? d[c] : 0.0f;
    }
  }
  braid_release(buffer);
}
