/* An implementation in C. cc -O2 -o impl docs/examples/impl.c -lm; spanner grade command:./impl
   A line of JSON in, a line out. The questions have no nesting beyond rows of numbers, so strstr finds the keys. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST = 1 << 20, MOST = 1 << 14 };
static char line[LONGEST];

/* The numbers after "key": one, or those of a row; NaN and infinities are texts, which strtod reads, too. */
static int numbers(const char *key, double *row) {
  char quoted[64];
  snprintf(quoted, sizeof quoted, "\"%s\":", key);
  char *at = strstr(line, quoted);
  if (!at) return 0;
  at += strlen(quoted);
  int is_row = *at == '[', count = 0;
  do {
    while (*at == '[' || *at == ',' || *at == '"' || *at == ' ') at++;
    char *end;
    double value = strtod(at, &end);
    if (end == at) break;
    row[count++] = value;
    at = *end == '"' ? end + 1 : end;
  } while (is_row && *at == ',' && count < MOST);
  return count;
}

static int is_law(const double *row, int n) {
  long double sum = 0; /* not exact for masses beyond 2^-63: use integers where that matters */
  for (int y = 0; y < n; y++) {
    if (!(row[y] >= 0)) return 0;
    sum += row[y];
  }
  return n > 0 && sum == 1;
}

static double pi[MOST], r[MOST], p[MOST], q[MOST], beta;

/* beta log sum_y pi(y) exp(r(y)/beta), from the largest reward that has mass. */
static const char *log_partition(double *answer) {
  int n = numbers("pi", pi), m = numbers("r", r);
  if (numbers("beta", &beta) != 1 || !(beta > 0) || n != m || !is_law(pi, n)) return "needs a law, as many rewards, beta > 0";
  double top = -INFINITY, less = 0, sum = 0;
  for (int y = 0; y < n; y++) {
    if (!isfinite(r[y])) return "a reward is not finite";
    if (pi[y] > 0 && r[y] > top) top = r[y];
  }
  for (int y = 0; y < n; y++)
    if (pi[y] > 0) sum += pi[y] * exp((r[y] - top) / beta), less += pi[y] * expm1((r[y] - top) / beta);
  *answer = top + beta * (less > -0.5 ? log1p(less) : log(sum)); /* less: Z - 1 without cancellation */
  return NULL;
}

/* KL(p || q), as a sum of terms that are not negative. */
static const char *kl(double *answer) {
  int n = numbers("p", p), m = numbers("q", q);
  if (n != m || !is_law(p, n) || !is_law(q, m)) return "needs two laws of one length";
  *answer = 0;
  for (int y = 0; y < n; y++) {
    double less = q[y] - p[y], log_ratio = fabs(less) < p[y] / 2 ? log1p(less / p[y]) : log(q[y] / p[y]);
    *answer += less - (p[y] > 0 ? p[y] * log_ratio : 0);
  }
  return NULL;
}

static int is(const char *text) { return strstr(line, text) != NULL; }

int main(void) {
  setvbuf(stdout, NULL, _IOLBF, 1 << 16);
  while (fgets(line, sizeof line, stdin)) {
    if (is("\"cmd\":\"hello\"")) {
      puts("{\"protocol\":1,\"name\":\"C example\",\"version\":\"1\",\"functions\":[\"log_partition\",\"kl\"]}");
      continue;
    }
    if (!is("\"cmd\":\"ask\"")) break;
    double answer = 0;
    const char *refused = is("\"function\":\"kl\"") ? kl(&answer) : log_partition(&answer);
    char *id = strstr(line, "\"id\":") + 5;
    int length = (int)strcspn(id, ",}");
    if (refused) printf("{\"id\":%.*s,\"refused\":\"%s\"}\n", length, id, refused);
    else printf("{\"id\":%.*s,\"answer\":\"%.17g\"}\n", length, id, answer); /* as text: nan and inf are no JSON */
  }
  return 0;
}
