#include "CSeries.h"
#include "percpu.h"

/* A fused multiplication would round once less, and a threshold that is itself a response could fall on the other
   side of it from one processor to the next. */
#pragma STDC FP_CONTRACT OFF

enum { BLOCK = 512 };

PER_CPU void cseries_shares(
    const float *a, const float *b, const float *c, const float *all, size_t count, const float *thresholds,
    size_t number, float *shares) {
  float response[BLOCK];
  for (size_t t = 0; t < number; t++) shares[t] = 0;
  for (size_t start = 0; start < count; start += BLOCK) {
    size_t size = count - start < BLOCK ? count - start : BLOCK;
    for (size_t i = 0; i < size; i++)
      response[i] = 3 * (a[start + i] + b[start + i] + c[start + i]) - all[start + i];
    for (size_t t = 0; t < number; t++) {
      int above = 0;
      float threshold = thresholds[t];
      for (size_t i = 0; i < size; i++) above += response[i] > threshold;
      shares[t] += (float)above;
    }
  }
  for (size_t t = 0; t < number; t++) shares[t] /= (float)count;
}
