#pragma once
#include <stdint.h>

/* A plain number at *cursor: digits with an optional sign, fraction and exponent. Stops at the first byte that
   belongs to none of these; the buffer must hold such a byte (the slack does). */
typedef struct {
  uint64_t mantissa; /* exact where `digits` <= 19 */
  int32_t exponent;  /* of ten */
  int32_t digits;    /* significant digits, leading zeros not counted */
  int negative;
} braid_decimal;

int braid_scan_decimal(const uint8_t **cursor, uint8_t decimal, braid_decimal *number);

/* Powers of ten that a double holds exactly. */
extern const double braid_exact_powers[23];

/* The nearest float or double to the number written in [begin, end); the slow and always right way. */
float braid_strtof(const uint8_t *begin, const uint8_t *end, uint8_t decimal);
double braid_strtod(const uint8_t *begin, const uint8_t *end, uint8_t decimal);

/* The nearest float, `begin` and `end` being the text that was scanned. */
static inline float braid_nearest_float(
    const braid_decimal *number, const uint8_t *begin, const uint8_t *end, uint8_t decimal) {
  int32_t e = number->exponent;
  if (number->digits <= 19 && e >= -22 && e <= 22) {
    /* Two roundings at most, each by half a unit, so that the double is within two units of the number. It
       rounds to the right float unless that span holds the middle between two floats. */
    double d = (double)number->mantissa;
    d = e < 0 ? d / braid_exact_powers[-e] : d * braid_exact_powers[e];
    union { double d; uint64_t bits; } u = {d};
    uint64_t tail = u.bits & 0x1FFFFFFF; /* the 29 bits that a float does not keep */
    if (tail - 0x0FFFFFFD > 6 && (d >= 1.2e-38 || number->mantissa == 0) && d <= 3.4e38) {
      float f = (float)d;
      return number->negative ? -f : f;
    }
  }
  return braid_strtof(begin, end, decimal);
}

static inline double braid_nearest_double(
    const braid_decimal *number, const uint8_t *begin, const uint8_t *end, uint8_t decimal) {
  int32_t e = number->exponent;
  /* Clinger's fast path: both sides exact, one rounding. */
  if (number->digits <= 19 && number->mantissa <= (1ull << 53) && e >= -22 && e <= 22) {
    double d = (double)number->mantissa;
    d = e < 0 ? d / braid_exact_powers[-e] : d * braid_exact_powers[e];
    return number->negative ? -d : d;
  }
  return braid_strtod(begin, end, decimal);
}
