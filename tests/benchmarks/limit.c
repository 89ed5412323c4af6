/* The limit: the same arithmetic in C, on the very FLINT that python-flint computes with.  Its wheel has no headers:
   what is used of FLINT is declared here. */

#include <stdlib.h>
#include <string.h>

typedef long fmpz; /* an slong */
typedef struct { fmpz num, den; } fmpq;
typedef struct { void *inside[16]; } fmpz_mat, arb; /* more than they need */
typedef struct { fmpz *coeffs; long alloc, length; } fmpz_poly;

void fmpq_init(fmpq *), fmpq_clear(fmpq *), fmpq_zero(fmpq *), fmpq_set_si(fmpq *, long, unsigned long);
void fmpq_add(fmpq *, const fmpq *, const fmpq *), fmpq_mul(fmpq *, const fmpq *, const fmpq *);
char *fmpq_get_str(char *, int, const fmpq *);
void fmpz_init(fmpz *), fmpz_clear(fmpz *), fmpz_set(fmpz *, const fmpz *), fmpz_set_si(fmpz *, long);
void fmpz_mul_si(fmpz *, const fmpz *, long), fmpz_mul(fmpz *, const fmpz *, const fmpz *);
void fmpz_addmul(fmpz *, const fmpz *, const fmpz *);
int fmpz_cmpabs(const fmpz *, const fmpz *), fmpz_mat_inv(fmpz_mat *, fmpz *, const fmpz_mat *);
void fmpz_mat_init(fmpz_mat *, long, long), fmpz_mat_clear(fmpz_mat *);
void fmpz_mat_mul(fmpz_mat *, const fmpz_mat *, const fmpz_mat *);
fmpz *fmpz_mat_entry(const fmpz_mat *, long, long);
void arb_init(arb *), arb_clear(arb *), arb_set_fmpq(arb *, const fmpq *, long);
void arb_exp(arb *, const arb *, long), arb_addmul(arb *, const arb *, const arb *, long);
char *arb_get_str(const arb *, long, unsigned long), *fmpz_poly_get_str(const fmpz_poly *);
void fmpz_poly_init(fmpz_poly *), fmpz_poly_clear(fmpz_poly *), fmpz_poly_set_coeff_si(fmpz_poly *, long, long);
void fmpz_poly_inflate(fmpz_poly *, const fmpz_poly *, unsigned long);
void fmpz_poly_mul(fmpz_poly *, const fmpz_poly *, const fmpz_poly *);
void flint_free(void *);

static fmpq *numbers(long n) {
    fmpq *x = malloc(n * sizeof *x);
    for (long i = 0; i < n; i++) fmpq_init(x + i);
    return x;
}

static fmpq *shares(long n, const long *weights, long total) {
    fmpq *x = numbers(n);
    for (long i = 0; i < n; i++) fmpq_set_si(x + i, weights[i], total);
    return x;
}

static void end_of(fmpq *x, long n) {
    for (long i = 0; i < n; i++) fmpq_clear(x + i);
    free(x);
}

static void visit(long draws, long sum, fmpq *mass, long n, const fmpq *share, fmpq *masses) {
    if (draws == 0) {
        fmpq_add(masses + sum, masses + sum, mass);
        return;
    }
    for (long y = 0; y < n; y++) {
        fmpq_mul(mass + 1, mass, share + y);
        visit(draws - 1, sum + y, mass + 1, n, share, masses);
    }
}

/* Tree: `draws` draws of 0, ..., n-1 with masses weights[y] / total, each leaf a product; texts[s]: the mass of the
   sum s. */
void tree(long draws, long n, const long *weights, long total, char **texts) {
    long sums = draws * (n - 1) + 1;
    fmpq *mass = numbers(draws + 1), *share = shares(n, weights, total), *masses = numbers(sums);
    fmpq_set_si(mass, 1, 1);
    visit(draws, 0, mass, n, share, masses);
    for (long s = 0; s < sums; s++) fmpq_get_str(texts[s], 10, masses + s);
    end_of(mass, draws + 1), end_of(share, n), end_of(masses, sums);
}

/* Chain: at most `draws` draws of 0, ..., n-1, symbol y after x with mass weights[x * n + y] / total; it ends with
   symbol `end`, or at a sum of `enough`.  texts[x]: the mass of the last symbol x. */
void chain(long draws, long n, const long *weights, long total, long end, long enough, char **texts) {
    long sums = enough + n, states = n * sums;
    fmpq *level = numbers(states), *next = numbers(states), *share = shares(n * n, weights, total);
    fmpq *ends = numbers(n), *product = numbers(1);
    fmpq_set_si(level, 1, 1);
    for (long k = 0; k < draws; k++) {
        for (long i = 0; i < states; i++) {
            long x = i / sums, sum = i % sums;
            if (level[i].num == 0) continue;
            if (x == end || sum >= enough) {
                fmpq_add(ends + x, ends + x, level + i);
            } else {
                for (long y = 0; y < n; y++) {
                    fmpq *after = next + y * sums + sum + y;
                    fmpq_mul(product, level + i, share + x * n + y);
                    fmpq_add(after, after, product);
                }
            }
            fmpq_zero(level + i);
        }
        fmpq *old = level;
        level = next, next = old;
    }
    for (long i = 0; i < states; i++) fmpq_add(ends + i / sums, ends + i / sums, level + i);
    for (long x = 0; x < n; x++) fmpq_get_str(texts[x], 10, ends + x);
    end_of(level, states), end_of(next, states), end_of(share, n * n), end_of(ends, n), end_of(product, 1);
}

static void walk(long draws, long x, long sum, fmpq *mass, long n, const fmpq *share, long end, long enough, fmpq *ends) {
    if (draws == 0 || x == end || sum >= enough) {
        fmpq_add(ends + x, ends + x, mass);
        return;
    }
    for (long y = 0; y < n; y++) {
        fmpq_mul(mass + 1, mass, share + x * n + y);
        walk(draws - 1, y, sum + y, mass + 1, n, share, end, enough, ends);
    }
}

/* The same with nothing merged, each leaf a product. */
void unmerged_chain(long draws, long n, const long *weights, long total, long end, long enough, char **texts) {
    fmpq *mass = numbers(draws + 1), *share = shares(n * n, weights, total), *ends = numbers(n);
    fmpq_set_si(mass, 1, 1);
    walk(draws, 0, 0, mass, n, share, end, enough, ends);
    for (long x = 0; x < n; x++) fmpq_get_str(texts[x], 10, ends + x);
    end_of(mass, draws + 1), end_of(share, n * n), end_of(ends, n);
}

static void set_row(fmpz_mat *m, long i, const long *row, long d) {
    for (long j = 0; j < d; j++) fmpz_set_si(fmpz_mat_entry(m, i, j), row[j]);
}

static long largest(const fmpz *values, long n) {
    long best = 0;
    for (long i = 1; i < n; i++)
        if (fmpz_cmpabs(values + i, values + best) > 0) best = i;
    return best;
}

/* c = a b for n x d and d x m matrices: by FLINT's product, or `looped`, number by number. */
static void times(fmpz_mat *c, const fmpz_mat *a, const fmpz_mat *b, long n, long d, long m, long looped) {
    if (!looped) {
        fmpz_mat_mul(c, a, b);
        return;
    }
    fmpz *to = fmpz_mat_entry(c, 0, 0);
    const fmpz *left = fmpz_mat_entry(a, 0, 0), *right = fmpz_mat_entry(b, 0, 0);
    for (long k = 0; k < n; k++)
        for (long j = 0; j < m; j++) {
            fmpz *sum = to + k * m + j;
            fmpz_mul(sum, left + k * d, right + j);
            for (long t = 1; t < d; t++) fmpz_addmul(sum, left + k * d + t, right + t * m + j);
        }
}

/* Barycentric spanner: greedy, then exchanges as long as a coefficient exceeds C, all coefficients from one product.
   chosen[i]: which of the vectors of d integers is the i-th. */
void spanner(long count, long d, const long *table, long C, long looped, long *chosen) {
    fmpz_mat x, basis, inverse, column, one, all;
    fmpz denominator, bound;
    fmpz_init(&denominator), fmpz_init(&bound);
    fmpz_mat_init(&x, count, d), fmpz_mat_init(&basis, d, d), fmpz_mat_init(&inverse, d, d);
    fmpz_mat_init(&column, d, 1), fmpz_mat_init(&one, count, 1), fmpz_mat_init(&all, count, d);
    for (long k = 0; k < count; k++) set_row(&x, k, table + k * d, d);
    for (long i = 0; i < d; i++) fmpz_set_si(fmpz_mat_entry(&basis, i, i), 1);
    for (long i = 0; i < d; i++) {
        fmpz_mat_inv(&inverse, &denominator, &basis);
        for (long j = 0; j < d; j++) fmpz_set(fmpz_mat_entry(&column, j, 0), fmpz_mat_entry(&inverse, j, i));
        times(&one, &x, &column, count, d, 1, looped);
        chosen[i] = largest(fmpz_mat_entry(&one, 0, 0), count);
        set_row(&basis, i, table + chosen[i] * d, d);
    }
    for (;;) {
        fmpz_mat_inv(&inverse, &denominator, &basis);
        times(&all, &x, &inverse, count, d, d, looped);
        fmpz *entries = fmpz_mat_entry(&all, 0, 0);
        long place = largest(entries, count * d), i = place % d;
        fmpz_mul_si(&bound, &denominator, C);
        if (fmpz_cmpabs(entries + place, &bound) <= 0) break;
        chosen[i] = place / d;
        set_row(&basis, i, table + chosen[i] * d, d);
    }
    fmpz_mat_clear(&x), fmpz_mat_clear(&basis), fmpz_mat_clear(&inverse);
    fmpz_mat_clear(&column), fmpz_mat_clear(&one), fmpz_mat_clear(&all);
    fmpz_clear(&denominator), fmpz_clear(&bound);
}

static void write(char *to, long room, char *text) {
    strncpy(to, text, room - 1);
    flint_free(text);
}

/* Exp-sum: sum of coefficient exp(exponent) at `prec` bits, term k given by four integers, two fractions.  text: the
   ball, if asked for. */
void exp_sum(long n, const long *terms, long prec, char *text, long room) {
    arb sum, factor, power;
    fmpq *q = numbers(1);
    arb_init(&sum), arb_init(&factor), arb_init(&power);
    for (const long *term = terms; term < terms + 4 * n; term += 4) {
        fmpq_set_si(q, term[0], term[1]);
        arb_set_fmpq(&factor, q, prec);
        fmpq_set_si(q, term[2], term[3]);
        arb_set_fmpq(&power, q, prec);
        arb_exp(&power, &power, prec);
        arb_addmul(&sum, &factor, &power, prec);
    }
    if (text) write(text, room, arb_get_str(&sum, 30, 0));
    arb_clear(&sum), arb_clear(&factor), arb_clear(&power), end_of(q, 1);
}

static long gcd(long a, long b) { return b ? gcd(b, a % b) : a; }

/* Left fold: the product of sums of coefficient exp(place / lattice), places from 0, each sum on a lattice of its own:
   of each its lattice, the number of its terms, and for each term coefficient and place.  text: the coefficients of
   the product on the common lattice, if asked for.  Return that lattice. */
long fold(long n, const long *sums, char *text, long room) {
    fmpz_poly product, factor;
    long lattice = 1;
    fmpz_poly_init(&product), fmpz_poly_init(&factor);
    fmpz_poly_set_coeff_si(&product, 0, 1);
    for (long i = 0; i < n; i++) {
        long own = *sums++, terms = *sums++, common = lattice / gcd(lattice, own) * own;
        fmpz_poly one;
        fmpz_poly_init(&one);
        for (; terms > 0; terms--, sums += 2) fmpz_poly_set_coeff_si(&one, sums[1], sums[0]);
        fmpz_poly_inflate(&factor, &one, common / own);
        fmpz_poly_inflate(&product, &product, common / lattice);
        fmpz_poly_mul(&product, &product, &factor);
        lattice = common;
        fmpz_poly_clear(&one);
    }
    if (text) write(text, room, fmpz_poly_get_str(&product));
    fmpz_poly_clear(&product), fmpz_poly_clear(&factor);
    return lattice;
}
