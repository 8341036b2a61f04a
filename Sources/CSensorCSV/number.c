#define _GNU_SOURCE
#include "number.h"

#include <locale.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "CSensorCSV.h"

const double braid_exact_powers[23] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                       1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

int braid_scan_decimal(const uint8_t **cursor, uint8_t decimal, braid_decimal *number) {
  const uint8_t *p = *cursor;
  uint64_t mantissa = 0;
  int negative = 0;
  if (*p == '-') { negative = 1; p++; } else if (*p == '+') { p++; }
  const uint8_t *first = p;
  while (*p == '0') p++;
  const uint8_t *significant = p;
  unsigned digit;
  while ((digit = (unsigned)*p - '0') < 10) { mantissa = mantissa * 10 + digit; p++; }
  int64_t digits = p - significant, whole = p - first, exponent = 0;
  if (*p == decimal) {
    const uint8_t *point = p++;
    if (digits == 0) { /* zeros after the point are not significant either */
      while (*p == '0') p++;
    }
    const uint8_t *fraction = p;
    while ((digit = (unsigned)*p - '0') < 10) { mantissa = mantissa * 10 + digit; p++; }
    digits += p - fraction;
    exponent = -(p - point - 1);
    whole += p - point - 1;
  }
  if (whole == 0) return 0;
  if ((*p | 0x20) == 'e') {
    const uint8_t *q = p + 1;
    int down = 0;
    if (*q == '-') { down = 1; q++; } else if (*q == '+') { q++; }
    if ((unsigned)*q - '0' >= 10) return 0;
    int64_t written = 0;
    while ((digit = (unsigned)*q - '0') < 10) {
      if (written < 100000) written = written * 10 + digit;
      q++;
    }
    exponent += down ? -written : written;
    p = q;
  }
  number->mantissa = mantissa;
  number->exponent = exponent > 1000000 ? 1000000 : exponent < -1000000 ? -1000000 : (int32_t)exponent;
  number->digits = digits > 1000000 ? 1000000 : (int32_t)digits;
  number->negative = negative;
  *cursor = p;
  return 1;
}

/* strtod reads the decimal mark of the process's locale; a locale of our own keeps it a point. */
static locale_t plain;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static void make_plain(void) { plain = newlocale(LC_ALL_MASK, "C", (locale_t)0); }

/* Copies the number with a point and a terminator; NULL where memory is short. */
static char *copied(const uint8_t *begin, const uint8_t *end, uint8_t decimal, char *small, size_t room) {
  size_t count = (size_t)(end - begin);
  char *text = count < room ? small : malloc(count + 1);
  if (!text) return NULL;
  memcpy(text, begin, count);
  text[count] = 0;
  if (decimal != '.') {
    char *mark = memchr(text, decimal, count);
    if (mark) *mark = '.';
  }
  return text;
}

double braid_strtod(const uint8_t *begin, const uint8_t *end, uint8_t decimal) {
  char small[128], *text = copied(begin, end, decimal, small, sizeof small);
  if (!text) return NAN;
  pthread_once(&once, make_plain);
  double value = plain ? strtod_l(text, NULL, plain) : strtod(text, NULL);
  if (text != small) free(text);
  return value;
}

float braid_strtof(const uint8_t *begin, const uint8_t *end, uint8_t decimal) {
  char small[128], *text = copied(begin, end, decimal, small, sizeof small);
  if (!text) return NAN;
  pthread_once(&once, make_plain);
  float value = plain ? strtof_l(text, NULL, plain) : strtof(text, NULL);
  if (text != small) free(text);
  return value;
}
