#include "Optimiser.h"

#include "Vector.h"

KERNEL void braid_adamw(int64_t n, float *restrict parameter, const float *restrict gradient, float *restrict m,
                        float *restrict v, float rate, float beta1, float beta2, float epsilon, float decay,
                        float correction1, float correction2, float gradient_scale) {
  float keep = 1.0f - rate * decay, step = rate / correction1, root = 1.0f / __builtin_elementwise_sqrt(correction2);
  for (int64_t i = 0; i < n; i++) {
    float g = gradient[i] * gradient_scale;
    float first = beta1 * m[i] + (1.0f - beta1) * g;
    float second = beta2 * v[i] + (1.0f - beta2) * g * g;
    m[i] = first;
    v[i] = second;
    parameter[i] = parameter[i] * keep - step * first / (__builtin_elementwise_sqrt(second) * root + epsilon);
  }
}

KERNEL void braid_blend(int64_t n, const float *restrict x, float keep, float *restrict y) {
  float take = 1.0f - keep;
  for (int64_t i = 0; i < n; i++) y[i] = keep * y[i] + take * x[i];
}

KERNEL double braid_sum_of_squares(int64_t n, const float *x) {
  double part[8] = {0}, s = 0;
  int64_t i = 0;
  for (; i + 8 <= n; i += 8)
    for (int j = 0; j < 8; j++) part[j] += (double)x[i + j] * x[i + j];
  for (; i < n; i++) s += (double)x[i] * x[i];
  for (int j = 0; j < 8; j++) s += part[j];
  return s;
}
