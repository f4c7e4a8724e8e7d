/* The primitives of the expression language in C. FTZ is the caller's business (MXCSR). */
#include <math.h>
#include <stdint.h>
#include <string.h>

static inline float from_bits(uint32_t b) { float f; memcpy(&f, &b, 4); return f; }
static inline uint32_t to_bits(float f) { uint32_t b; memcpy(&b, &f, 4); return b; }
static inline double power_of_two(int k) { uint64_t b = (uint64_t)(1023 + k) << 52; double d; memcpy(&d, &b, 8); return d; }

static inline int is_nan(float a) { return (to_bits(a) & 0x7fffffff) > 0x7f800000; }
static inline float high_part(float a) { return from_bits(to_bits(a) & 0xfffff000); }

/* Exact but for the one rounding to float. Outside [-252, 252] a target may do anything, so here it gives NaN. */
static inline float scale(float a, float k) {
  float clipped = k > 252 ? 252 : k < -252 ? -252 : k;
  float scaled = (float)((double)a * power_of_two((int)clipped));
  return k == clipped ? scaled : NAN;
}

/* LOOSE is 0, or the number of ulps (with sign) by which division is wrong; square roots are then wrong by as much
   again, being 1/inverseSqrt(x) in WGSL, with 2 ulp of its own. The exact quotient moves by LOOSE ulps of itself. */
static inline float off_by(double exact, double ulps) {
  if (!(fabs(exact) > 0x1p-126 && fabs(exact) < 0x1p127)) return (float)exact;
  float nearest = (float)exact;
  double ulp = (double)from_bits(to_bits(fabsf(nearest)) + 1) - fabsf(nearest);
  double moved = exact + ulps * ulp;
  float got = (float)moved;
  /* stay within the allowance: round towards the exact value */
  if (fabs(got - exact) > fabs(ulps) * ulp) got = got > exact ? from_bits(to_bits(got) - (got > 0 ? 1 : -1)) : from_bits(to_bits(got) + (got > 0 ? 1 : -1));
  return got;
}
#if LOOSE
#define QUOTIENT(a, b) off_by((double)(a) / (double)(b), LOOSE * 0.5)
#define SQUARE_ROOT(a) off_by(sqrt((double)(a)), LOOSE * 0.9)
#else
#define QUOTIENT(a, b) ((a) / (b))
#define SQUARE_ROOT(a) sqrtf(a)
#endif
