#include "CSeries.h"
#include "percpu.h"

/* Rounded after each step on every processor, so that the same kernel wins everywhere. */
#pragma STDC FP_CONTRACT OFF

enum { BLOCK = 256, KERNELS = 8, LENGTH = 9 };

/* One block of places of one group. */
static inline __attribute__((always_inline)) void compete(
    const float *series, size_t size, size_t dilation, const float *weights, float *greatest, float *least) {
  float high[BLOCK], low[BLOCK];
  int first[BLOCK], last[BLOCK];
  for (int kernel = 0; kernel < KERNELS; kernel++) {
    const float *w = weights + kernel * LENGTH;
    float response[BLOCK];
    for (size_t i = 0; i < size; i++) response[i] = w[0] * series[i];
    for (size_t j = 1; j < LENGTH; j++) {
      const float *moved = series + j * dilation;
      float weight = w[j];
      for (size_t i = 0; i < size; i++) response[i] += weight * moved[i];
    }
    for (size_t i = 0; i < size; i++) {
      int wins = kernel == 0 || response[i] > high[i], loses = kernel == 0 || response[i] < low[i];
      high[i] = wins ? response[i] : high[i];
      first[i] = wins ? kernel : first[i];
      low[i] = loses ? response[i] : low[i];
      last[i] = loses ? kernel : last[i];
    }
  }
  for (size_t i = 0; i < size; i++) {
    greatest[first[i]] += high[i];
    least[last[i]] += 1;
  }
}

PER_CPU void cseries_competing(
    const float *series, size_t count, size_t dilation, const float *weights, size_t groups, float *greatest,
    float *least) {
  for (size_t i = 0; i < groups * KERNELS; i++) greatest[i] = least[i] = 0;
  for (size_t group = 0; group < groups; group++)
    for (size_t start = 0; start < count; start += BLOCK) {
      size_t size = count - start < BLOCK ? count - start : BLOCK;
      compete(
          series + start, size, dilation, weights + group * KERNELS * LENGTH, greatest + group * KERNELS,
          least + group * KERNELS);
    }
}
