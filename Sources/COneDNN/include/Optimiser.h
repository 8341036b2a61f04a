#ifndef BRAID_OPTIMISER_H
#define BRAID_OPTIMISER_H
#include <stdint.h>

/// One AdamW step (Loshchilov and Hutter 2019) in place. `correction1` and `correction2` are 1 - beta^step;
/// the gradient is multiplied by `gradient_scale` first.
void braid_adamw(int64_t n, float *parameter, const float *gradient, float *m, float *v, float rate, float beta1,
                 float beta2, float epsilon, float decay, float correction1, float correction2,
                 float gradient_scale);
/// y = keep y + (1 - keep) x.
void braid_blend(int64_t n, const float *x, float keep, float *y);
/// Sum of squares, in double.
double braid_sum_of_squares(int64_t n, const float *x);
#endif
