#ifndef BRAID_POOLING_H
#define BRAID_POOLING_H
#include <stdint.h>

/// Windows over [batch, height, width, channels] without padding; what no whole window covers is left out.
typedef struct {
  int64_t batch, height, width, channels, out_height, out_width, window_h, window_w, stride_h, stride_w;
} braid_pool_t;

void braid_average_pool(int type, const braid_pool_t *p, const void *x, void *y);
void braid_average_pool_backward(int type, const braid_pool_t *p, const void *g, float *dx);
/// `chosen` gets, for each output, the place of its maximum inside the window (the first of equals).
void braid_max_pool(int type, const braid_pool_t *p, const void *x, void *y, int32_t *chosen);
void braid_max_pool_backward(int type, const braid_pool_t *p, const void *g, const int32_t *chosen, float *dx);
#endif
