/*
 * Tries float32 arguments against the C library's float64 function. Compiled with REFERENCE defined, and linked with an
 * object file for each arithmetic, which exhaustive.ts writes. FTZ: a flushed result may miss by 2^-126 besides.
 *
 * Most arguments are only screened: against VECTOR_REFERENCE, four arguments at once and wrong by 4 ulp of float64 at most
 * (glibc's libmvec), with all that could raise a figure left to REFERENCE.
 *
 *     exhaustive FIRST LAST STEP     # bit patterns
 *
 * Prints one line of JSON: per arithmetic the largest error in ulps with its argument, and what it did wrong besides.
 */
#include <stdio.h>
#include <stdlib.h>
#include "arithmetic.h"
#include <immintrin.h>

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

#ifdef VECTOR_REFERENCE
__m256d _ZGVdN4v_exp(__m256d), _ZGVdN4v_expm1(__m256d), _ZGVdN4v_log(__m256d), _ZGVdN4v_log1p(__m256d), _ZGVdN4v_tanh(__m256d),
    _ZGVdN4v_atan(__m256d), _ZGVdN4v_erf(__m256d), _ZGVdN4v_erfc(__m256d);
static void references(const float *t, double *truth) {
  for (int i = 0; i < CHUNK; i += 4)
    _mm256_storeu_pd(truth + i, VECTOR_REFERENCE(_mm256_cvtps_pd(_mm_loadu_ps(t + i))));
}
#else
static void references(const float *t, double *truth) {
  for (int i = 0; i < CHUNK; i++) truth[i] = REFERENCE((double)t[i]);
}
#endif

/* Whether any result is worse than `ulps` and `besides`, is NaN, or a zero of another sign than the truth's. */
static int is_suspicious(const float *y, const double *truth, double ulps, double besides) {
  const __m256d sign = _mm256_set1_pd(-0.0), zero = _mm256_setzero_pd(), most = _mm256_set1_pd(0x1p128);
  const __m256d exponent = _mm256_castsi256_pd(_mm256_set1_epi64x(0x7ff0000000000000));
  __m256d found = zero;
  for (int i = 0; i < CHUNK; i += 4) {
    __m256d f = _mm256_loadu_pd(truth + i), got = _mm256_cvtps_pd(_mm_loadu_ps(y + i));
    /* a NaN is the second operand, which these two hand on */
    __m256d clipped = _mm256_max_pd(_mm256_set1_pd(-0x1p128), _mm256_min_pd(most, f));
    __m256d clippedGot = _mm256_max_pd(_mm256_set1_pd(-0x1p128), _mm256_min_pd(most, got));
    __m256d error = _mm256_andnot_pd(sign, _mm256_sub_pd(clippedGot, clipped));
    __m256d size = _mm256_andnot_pd(sign, clipped);
    size = _mm256_and_pd(exponent, _mm256_min_pd(_mm256_set1_pd(0x1p127), _mm256_max_pd(_mm256_set1_pd(0x1p-126), size)));
    __m256d allowed = _mm256_add_pd(_mm256_set1_pd(besides), _mm256_mul_pd(_mm256_set1_pd(ulps * 0x1p-23), size));
    __m256d isZero = _mm256_cmp_pd(got, zero, _CMP_EQ_OQ);
    __m256d otherSign = _mm256_and_pd(isZero, _mm256_and_pd(sign, _mm256_xor_pd(f, got)));
    found = _mm256_or_pd(found, _mm256_or_pd(otherSign, _mm256_cmp_pd(error, allowed, _CMP_NLE_UQ)));
  }
  return _mm256_movemask_pd(found) != 0;
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
    for (int i = n; i < CHUNK; i++) t[i] = 0;
    references(t, truth);
    tried += n;
    for (int v = 0; v < COUNT; v++) {
      if (arithmetics[v].sampled && step == 1 && chunk % 16) continue;
      if (arithmetics[v].flush) { _MM_SET_FLUSH_ZERO_MODE(_MM_FLUSH_ZERO_ON); _MM_SET_DENORMALS_ZERO_MODE(_MM_DENORMALS_ZERO_ON); }
      arithmetics[v].run(t, y, CHUNK);
      _MM_SET_FLUSH_ZERO_MODE(_MM_FLUSH_ZERO_OFF); _MM_SET_DENORMALS_ZERO_MODE(_MM_DENORMALS_ZERO_OFF);
      // a millionth is far more than what the vector function is off by
      double screen = (worst[v] < 2 ? worst[v] : 2) * (1 - 1e-6);
      int has_flushed = arithmetics[v].flush &&
                        (fabsf(t[0]) < 0x1p-126f || fabsf(t[n - 1]) < 0x1p-126f || signbit(t[0]) != signbit(t[n - 1]));
      if (!has_flushed && !is_suspicious(y, truth, screen, arithmetics[v].flush ? 0x1p-126 : 0)) continue;
      for (int i = 0; i < n; i++) {
        // an argument that is flushed to zero is another argument
        double f = REFERENCE(arithmetics[v].flush && fabsf(t[i]) < 0x1p-126f ? copysign(0, t[i]) : (double)t[i]);
        if (f != f || y[i] != y[i]) { nan[v] += (f != f) != (y[i] != y[i]); continue; }
        f = clip(f);
        double error = fabs(clip(y[i]) - f);
        if (arithmetics[v].flush) error = fmax(0, error - 0x1p-126);
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
