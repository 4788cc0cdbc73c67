/* Mean and population variance per column of a row-major matrix in one pass: what a careful C programmer would write with AVX2.
   The yardstick of FeatureMoments in compare_python.sh. Double accumulation, deviations from the first row; no missing values, no
   minimum and maximum, no weights. The width must be a multiple of 8. */
#include <immintrin.h>

enum { BLOCK_ROWS = 128, MOST_COLUMNS = 4096 };

static inline void add_deviations(__m128 values, __m256d shift, __m256d *sum, __m256d *squares) {
    __m256d deviations = _mm256_sub_pd(_mm256_cvtps_pd(values), shift);
    *sum = _mm256_add_pd(*sum, deviations);
    *squares = _mm256_fmadd_pd(deviations, deviations, *squares);
}

void moments(const float *x, long rows, long width, double *mean, double *variance) {
    static double sums[MOST_COLUMNS], squares[MOST_COLUMNS];
    for (long column = 0; column < width; column++) {
        sums[column] = squares[column] = 0;
    }
    /* Blocks stay in the first-level cache while eight columns at a time have their sums in registers. */
    for (long first = 0; first < rows; first += BLOCK_ROWS) {
        long end = first + BLOCK_ROWS < rows ? first + BLOCK_ROWS : rows;
        for (long column = 0; column < width; column += 8) {
            __m256d shift0 = _mm256_cvtps_pd(_mm_loadu_ps(x + column)), shift1 = _mm256_cvtps_pd(_mm_loadu_ps(x + column + 4));
            __m256d sum0 = _mm256_loadu_pd(sums + column), sum1 = _mm256_loadu_pd(sums + column + 4);
            __m256d squares0 = _mm256_loadu_pd(squares + column), squares1 = _mm256_loadu_pd(squares + column + 4);
            for (const float *row = x + first * width + column; row < x + end * width; row += width) {
                add_deviations(_mm_loadu_ps(row), shift0, &sum0, &squares0);
                add_deviations(_mm_loadu_ps(row + 4), shift1, &sum1, &squares1);
            }
            _mm256_storeu_pd(sums + column, sum0);
            _mm256_storeu_pd(sums + column + 4, sum1);
            _mm256_storeu_pd(squares + column, squares0);
            _mm256_storeu_pd(squares + column + 4, squares1);
        }
    }
    for (long column = 0; column < width; column++) {
        double offset = sums[column] / rows;
        mean[column] = x[column] + offset;
        variance[column] = squares[column] / rows - offset * offset;
    }
}
