/* The limit: the same rational arithmetic in C, on the very FLINT that python-flint computes with.  Its wheel has no
   headers: what is used of FLINT is declared here. */

#include <stdlib.h>

typedef struct { long num, den; } fmpq; /* two fmpz, each an slong */

void fmpq_init(fmpq *), fmpq_clear(fmpq *), fmpq_zero(fmpq *), fmpq_set_si(fmpq *, long, unsigned long);
void fmpq_add(fmpq *, const fmpq *, const fmpq *), fmpq_mul(fmpq *, const fmpq *, const fmpq *);
char *fmpq_get_str(char *, int, const fmpq *);

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
