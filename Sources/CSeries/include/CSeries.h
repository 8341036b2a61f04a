#pragma once
#include <stddef.h>

/* Shares of `count` places (at least one) at which the response of a convolution exceeds each of `number` thresholds.
   The response is 3 * (a + b + c) - all, rounded after each step as Swift rounds it. */
void cseries_shares(
    const float *a, const float *b, const float *c, const float *all, size_t count, const float *thresholds,
    size_t number, float *shares);
