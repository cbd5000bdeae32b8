// The course of many patients with meals, written by hand for 16 float32 lanes: what a kernel in C++ reaches.
//
// The equations and the numbers of the method come from the trace of the model (batch_cpp.py writes equations.h):
// STATES, MEASURES, PATIENT, COLUMNS, and the functions rates, measures and meal. The walk is that of the batch engine: third-order steps of four stages in low storage, a length for each lane, rounds that count if their error
// is small, meals and midnights on the ends of steps, sums of a day.

#include <cmath>
#include <cstdint>
#include <cstring>
#if defined(__SSE2__)
#include <immintrin.h>
#endif

constexpr int LANES = 16;
typedef float V __attribute__((vector_size(4 * LANES)));
typedef int32_t I __attribute__((vector_size(4 * LANES)));

static inline V spread(float x) { return x - V{}; }
static inline V smaller(V a, V b) { return a > b ? b : a; }
static inline V larger(V a, V b) { return a < b ? b : a; }
static inline V smaller(V a, float b) { return smaller(a, spread(b)); }
static inline V larger(V a, float b) { return larger(a, spread(b)); }
static inline V absolute(V x) { return (V)((I)x & 0x7fffffff); }

static inline V ceiling(V x) {
    for (int lane = 0; lane < LANES; ++lane) x[lane] = std::ceil(x[lane]);
    return x;
}

static inline bool any(I mask) {
#if defined(__AVX512F__)
    return _mm512_test_epi32_mask((__m512i)mask, (__m512i)mask) != 0;
#else
    int found = 0;
    for (int lane = 0; lane < LANES; ++lane) found |= mask[lane];
    return found != 0;
#endif
}

static inline V reciprocal(V x) {
#if defined(__AVX512F__)
    V found = (V)_mm512_rcp14_ps((__m512)x);
    return found * (1.0f - x * found) + found;
#else
    return 1.0f / x;
#endif
}

static inline V root(V x) {
#if defined(__AVX512F__)
    V inverse = (V)_mm512_rsqrt14_ps((__m512)x);
    V found = x * inverse;
    found = (x - found * found) * (inverse * 0.5f) + found;
    return x == 0.0f ? x : found;
#else
    for (int lane = 0; lane < LANES; ++lane) x[lane] = std::sqrt(x[lane]);
    return x;
#endif
}

template <int COUNT>
static inline V polynomial(const float (&coefficients)[COUNT], V x) {
    V found = spread(coefficients[COUNT - 1]);
#pragma GCC unroll 16
    for (int power = COUNT - 2; power >= 0; --power) found = found * x + coefficients[power];
    return found;
}

static inline V exponential(V x);
static inline V logarithm(V x);

#include "equations.h"

static inline V exponential(V x) {  // two to the power of x
    x = larger(smaller(x, LARGEST_POWER), -LARGEST_POWER);
    V shifted = x + 12582912.0f;
    V value = polynomial(EXP2, x - (shifted - 12582912.0f));
    return (V)((I)value + ((I)shifted << 23));
}

static inline V logarithm(V x) {  // to the base of two
    I above = (I)x - 0x3f3504f3;
    I exponent = above >> 23;
    V z = (V)((I)x - (exponent << 23)) - 1.0f;
    V found = __builtin_convertvector(exponent, V) + z * polynomial(LOG2, z);
    return x >= 0.0f ? found : spread(NAN);
}

struct Plan {
    const double *times;     // [edges], minutes
    const int32_t *midnight; // [edges], whether a day ends
    const int32_t *eats;     // [edges], whether there is a meal
    const float *amounts;    // [patients][edges]
    int32_t edges;
};

struct Block {
    V y[STATES], lost[STATES], slope[STATES], error[STATES], saved[STATES], weight[STATES], scale[STATES], p[PATIENT];
    V measured[MEASURES], saved_measured[MEASURES], sums[COLUMNS], round[COLUMNS];
    V gap, wanted, worst, steps;
    int32_t edge[LANES];
};

static inline float fresh(int column) { return column == 0 ? INFINITY : 0.0f; }  // the first column is the minimum

static void serve(Block &b, const Plan &plan, int first, float *days, int ends) {
    I due = b.gap == 0.0f, eats = {};
    V amount = {};
    for (int lane = 0; lane < LANES; ++lane) {
        if (!due[lane]) continue;
        int edge = b.edge[lane];
        if (plan.midnight[edge]) {
            int day = int(plan.times[edge] / 1440.0) - 1;
            float *row = days + (int64_t(first + lane) * ends + day) * COLUMNS;
            for (int column = 0; column < COLUMNS; ++column) {
                row[column] = b.sums[column][lane];
                b.sums[column][lane] = fresh(column);
            }
        }
        if (plan.eats[edge] && edge + 1 < plan.edges) {
            eats[lane] = -1;
            amount[lane] = plan.amounts[int64_t(first + lane) * plan.edges + edge];
        }
    }
    if (any(eats)) {
        V after[STATES];
        std::memcpy(after, b.y, sizeof after);
        meal(b.y, b.p, amount, after);
        for (int row = 0; row < STATES; ++row) {
            b.y[row] = eats ? after[row] : b.y[row];
            b.lost[row] = eats ? spread(0.0f) : b.lost[row];
        }
        b.wanted = eats ? smaller(b.wanted, FIRST) : b.wanted;
    }
    V now[MEASURES];
    measures(b.y, b.p, now);
    for (int row = 0; row < MEASURES; ++row) b.measured[row] = due ? now[row] : b.measured[row];
    for (int lane = 0; lane < LANES; ++lane) {
        if (!due[lane]) continue;
        int edge = b.edge[lane]++;
        b.gap[lane] = edge + 1 < plan.edges ? float(plan.times[edge + 1] - plan.times[edge]) : -1.0f;
    }
}

template <int STAGE>
static inline void stage(Block &b, V h) {
    V f[STATES];
    rates(b.y, b.p, f);
#pragma GCC unroll 64
    for (int row = 0; row < STATES; ++row) {
        V slope = h * f[row];
        b.error[row] = STAGE ? SHARE[STAGE] * slope + b.error[row] : SHARE[STAGE] * slope;
        slope = STAGE ? CARRIED[STAGE] * b.slope[row] + slope : slope;
        b.slope[row] = slope;
        if (SLOW[row]) {
            V change = WEIGHT[STAGE] * slope - b.lost[row];
            V moved = b.y[row] + change;
            b.lost[row] = (moved - b.y[row]) - change;
            b.y[row] = moved;
        } else {
            b.y[row] = WEIGHT[STAGE] * slope + b.y[row];
        }
    }
}

static inline void summarize(Block &b, V h) {
    V now[MEASURES];
    measures(b.y, b.p, now);
    V low = smaller(b.measured[GLUCOSE], now[GLUCOSE]), high = larger(b.measured[GLUCOSE], now[GLUCOSE]);
    V spread_of = reciprocal(high - low + 1e-30f);
    b.round[0] = smaller(b.round[0], low);
    V gaps[] = {54.0f - low, 70.0f - low, high - 180.0f};
    for (int row = 0; row < 3; ++row) b.round[1 + row] += h * larger(smaller(gaps[row] * spread_of, 1.0f), 0.0f);
    for (int row = 0; row < MEASURES; ++row) {
        b.round[4 + row] += h * 0.5f * (b.measured[row] + now[row]);
        b.measured[row] = now[row];
    }
}

static inline void step(Block &b, V h) {
    stage<0>(b, h);
    stage<1>(b, h);
    stage<2>(b, h);
    stage<3>(b, h);
    V total = {};
    for (int row = 0; row < STATES; ++row) {
        V error = b.error[row] * b.weight[row];
        total = error * error + total;
    }
    b.worst = larger(total, b.worst);
    summarize(b, h);
}

static void judge(Block &b, V h, V count) {
    V lowest = {};
    for (int row = 0; row < STATES; ++row) lowest = smaller(lowest, b.y[row] * b.weight[row]);
    b.worst = lowest < 0.0f ? larger(b.worst, REFUSED) : b.worst;
    I good = b.worst < 1.0f, idle = count < 0.5f;
    V factor = SAFETY * exponential(logarithm(larger(b.worst, 1e-9f)) * (-1.0f / 6.0f));
    factor = factor == factor ? factor : spread(SHRINK);
    factor = smaller(larger(factor, SHRINK), GROW);
    V proposed = h * factor, shorter = b.wanted * smaller(factor, 1.0f);
    V wanted = smaller(good ? larger(proposed, shorter) : proposed, LARGEST);
    b.wanted = idle ? b.wanted : wanted;
    V left = b.gap - count * h;
    left = left < b.gap * 1e-6f ? spread(0.0f) : left;
    b.gap = (good & ~idle) ? left : b.gap;
    b.steps += count;
    for (int row = 0; row < STATES; ++row) {
        b.y[row] = good ? b.y[row] : b.saved[row];
        b.lost[row] = good ? b.lost[row] : spread(0.0f);
    }
    for (int row = 0; row < MEASURES; ++row) b.measured[row] = good ? b.measured[row] : b.saved_measured[row];
    b.sums[0] = good ? smaller(b.sums[0], b.round[0]) : b.sums[0];
    for (int row = 1; row < COLUMNS; ++row) b.sums[row] = good ? b.sums[row] + b.round[row] : b.sums[row];
}

static void some_steps(Block &b, float tolerance) {
    for (int row = 0; row < STATES; ++row) {
        b.saved[row] = b.y[row];
        V weight = reciprocal((absolute(b.y[row]) + b.scale[row]) * tolerance);
        b.weight[row] = b.scale[row] > 0.0f ? weight : spread(0.0f);
    }
    for (int row = 0; row < MEASURES; ++row) b.saved_measured[row] = b.measured[row];
    for (int column = 0; column < COLUMNS; ++column) b.round[column] = spread(fresh(column));
    b.worst = spread(0.0f);
    V count = larger(smaller(ceiling(b.gap / b.wanted), float(ROUND)), 0.0f);
    V h = smaller(b.wanted, b.gap / larger(count, 1.0f));
    for (int number = 0; number < ROUND; ++number) {
        I reached = count > float(number);
        if (any(reached)) step(b, reached ? h : spread(0.0f));
    }
    judge(b, h, count);
}

static void load(V *rows, const float *table, int count, int patients, int first) {
    for (int row = 0; row < count; ++row) std::memcpy(&rows[row], table + int64_t(row) * patients + first, sizeof(V));
}

// Tables are [rows][patients], with a multiple of 16 patients; `days` is [patients][days][COLUMNS]. A patient whose
// steps become shorter than `smallest` is left where they are.
extern "C" void course(const float *start, const float *scale, const float *patient, int32_t patients,
                       const double *times, const int32_t *midnight, const int32_t *eats, const float *amounts,
                       int32_t edges, float tolerance, float smallest, float *days, int32_t ends, float *steps) {
#if defined(__SSE2__)
    unsigned before = _mm_getcsr();
    _mm_setcsr(before | 0x8040);  // numbers too small for full precision are zero
#endif
    Plan plan = {times, midnight, eats, amounts, edges};
    for (int first = 0; first < patients; first += LANES) {
        Block b = {};
        load(b.y, start, STATES, patients, first);
        load(b.scale, scale, STATES, patients, first);
        load(b.p, patient, PATIENT, patients, first);
        for (int column = 0; column < COLUMNS; ++column) b.sums[column] = spread(fresh(column));
        b.wanted = spread(FIRST);
        for (;;) {
            if (any(b.gap == 0.0f)) serve(b, plan, first, days, ends);
            if (!any(b.gap > 0.0f)) break;
            some_steps(b, tolerance);
            b.gap = b.wanted < smallest ? spread(-1.0f) : b.gap;
        }
        std::memcpy(steps + first, &b.steps, sizeof(V));
    }
#if defined(__SSE2__)
    _mm_setcsr(before);
#endif
}
