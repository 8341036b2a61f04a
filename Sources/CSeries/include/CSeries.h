#pragma once
#include <stddef.h>

/* Shares of `count` places (at least one) at which the response of a convolution exceeds each of `number` thresholds.
   The response is 3 * (a + b + c) - all, rounded after each step as Swift rounds it. */
void cseries_shares(
    const float *a, const float *b, const float *c, const float *all, size_t count, const float *thresholds,
    size_t number, float *shares);

/* The responses of groups of eight kernels of nine weights to a series, at each of its places, and per group and kernel
   two sums over the places: of the greatest response, where it is this kernel's, and of 1 where its response is the
   least. Of equal ones the first counts.
   `series` begins with four times `dilation` values before the first place and ends with as many after the last;
   `weights` are [group, kernel, 9], `greatest` and `least` [group, kernel]. */
void cseries_competing(
    const float *series, size_t count, size_t dilation, const float *weights, size_t groups, float *greatest,
    float *least);

/* How often each word of `letters` bits stands in a series, at `count` places: a bit is set where the product of a
   pattern with `length` values, `dilation` apart, exceeds its threshold.
   `patterns` are [letter, length], `counts` 2 to the power of `letters` numbers; `letters` is at most 16. */
void cseries_words(
    const float *series, size_t count, size_t dilation, size_t length, const float *patterns,
    const float *thresholds, size_t letters, float *counts);
