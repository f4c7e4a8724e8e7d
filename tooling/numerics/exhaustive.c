/*
 * Tries float32 arguments against the C library's float64 function. Compiled with FUNCTION and REFERENCE defined, and
 * linked with an object file for each arithmetic, which exhaustive.ts writes. FTZ: a flushed result may miss by 2^-126.
 *
 *     exhaustive FIRST LAST STEP     # bit patterns
 *
 * Prints one line of JSON: per arithmetic the largest error in ulps with its argument, and what it did wrong besides.
 */
#include <stdio.h>
#include <stdlib.h>
#include "arithmetic.h"
#include <xmmintrin.h>
#include <pmmintrin.h>

#define CHUNK 4096
typedef void variant(const float *t, float *y, int n);
variant exact, contracted, reassociated, loose_up, loose_down;

static const struct { const char *name; variant *run; int flush, sampled; } arithmetics[] = {
  {"exact", exact, 0, 0}, {"contracted", contracted, 0, 0}, {"flushing", exact, 1, 0},
  {"reassociated", reassociated, 0, 1}, {"looseUp", loose_up, 0, 1}, {"looseDown", loose_down, 0, 1},
};
#define COUNT 6

static double sigmoid_f64(double t) { double e = exp(-fabs(t)); return (t < 0 ? e : 1) / (1 + e); }
static double softplus_f64(double t) { return fmax(t, 0) + log1p(exp(-fabs(t))); }
static double asin_f64(double t) { return t != t ? t : asin(fmin(fmax(t, -1), 1)); }

static double clip(double v) { return v > 0x1p128 ? 0x1p128 : v < -0x1p128 ? -0x1p128 : v; }
static double ulp_of(double v) {
  uint64_t b; memcpy(&b, &v, 8);
  int e = (int)(b >> 52 & 0x7ff) - 1023;
  return power_of_two((e < -126 ? -126 : e > 127 ? 127 : e) - 23);
}

int main(int argc, char **argv) {
  if (argc != 4) return 2;
  uint64_t first = strtoull(argv[1], 0, 0), last = strtoull(argv[2], 0, 0), step = strtoull(argv[3], 0, 0);
  static float t[CHUNK], y[CHUNK];
  static double truth[CHUNK];
  double worst[COUNT] = {0};
  uint32_t at[COUNT] = {0};
  unsigned long over[COUNT] = {0}, nan[COUNT] = {0}, sign[COUNT] = {0}, tried = 0;
  for (uint64_t pattern = first, chunk = 0; pattern <= last; chunk++) {
    int n = 0;
    for (; n < CHUNK && pattern <= last; n++, pattern += step) t[n] = from_bits((uint32_t)pattern);
    for (int i = 0; i < n; i++) truth[i] = REFERENCE((double)t[i]);
    tried += n;
    for (int v = 0; v < COUNT; v++) {
      if (arithmetics[v].sampled && step == 1 && chunk % 16) continue;
      if (arithmetics[v].flush) { _MM_SET_FLUSH_ZERO_MODE(_MM_FLUSH_ZERO_ON); _MM_SET_DENORMALS_ZERO_MODE(_MM_DENORMALS_ZERO_ON); }
      arithmetics[v].run(t, y, n);
      _MM_SET_FLUSH_ZERO_MODE(_MM_FLUSH_ZERO_OFF); _MM_SET_DENORMALS_ZERO_MODE(_MM_DENORMALS_ZERO_OFF);
      for (int i = 0; i < n; i++) {
        double f = truth[i];
        // an argument that is flushed to zero is another argument
        if (arithmetics[v].flush && fabsf(t[i]) < 0x1p-126f) f = REFERENCE(copysign(0, t[i]));
        if (f != f || y[i] != y[i]) { nan[v] += (f != f) != (y[i] != y[i]); continue; }
        f = clip(f);
        double error = fabs(clip(y[i]) - f);
        if (arithmetics[v].flush && error <= 0x1p-126) continue;
        if (y[i] == 0 && (to_bits(y[i]) >> 31) != (to_bits((float)f) >> 31)) sign[v]++;
        error /= ulp_of(f);
        over[v] += error > 2;
        if (error > worst[v]) { worst[v] = error; at[v] = to_bits(t[i]); }
      }
    }
  }
  printf("{\"tried\": %lu", tried);
  for (int v = 0; v < COUNT; v++)
    printf(", \"%s\": {\"ulps\": %.4f, \"at\": \"0x%08x\", \"over2\": %lu, \"nan\": %lu, \"sign\": %lu}",
           arithmetics[v].name, worst[v], at[v], over[v], nan[v], sign[v]);
  printf("}\n");
  return 0;
}
