// An implementation in JavaScript: spanner grade "command:node docs/examples/impl.mjs"
// One JSON object a line in, one a line out. JSON has no NaN and no Infinity: String(x) spells them.
import { createInterface } from "node:readline";

const refuse = (why) => { throw { refused: why }; };

function law(masses) {
  // BigInt, since the test whether masses sum to 1 must not round: each is a multiple of 2^-1074
  if (!masses.every((mass) => mass >= 0 && mass <= 1)) refuse("masses lie between 0 and 1");
  const sum = masses.reduce((total, mass) => total + units(mass), 0n);
  if (sum !== 1n << 1074n) refuse("masses sum to 1");
}

function units(x) {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, x);
  const exponent = (bits.getBigUint64(0) >> 52n) & 0x7ffn, fraction = bits.getBigUint64(0) & ((1n << 52n) - 1n);
  return exponent ? (fraction | (1n << 52n)) << (exponent - 1n) : fraction;
}

function tilts(pi, r, beta) {
  if (!(beta > 0) || pi.length !== r.length || !r.every(Number.isFinite)) refuse("needs beta > 0 and finite rewards");
  law(pi);
  const top = Math.max(...r.filter((_, y) => pi[y] > 0));
  return [top, pi.map((mass, y) => (mass > 0 ? [mass, (r[y] - top) / beta] : [0, 0]))];
}

const functions = {
  log_partition({ pi, r, beta }) {
    const [top, rows] = tilts(pi, r, beta);
    const sum = (f) => rows.reduce((total, [mass, x]) => total + mass * f(x), 0);
    const less = sum(Math.expm1); // Z - 1 without cancellation, where Z is near 1
    return top + beta * (less > -0.5 ? Math.log1p(less) : Math.log(sum(Math.exp)));
  },
  softmax({ pi, r, beta }) {
    const weights = tilts(pi, r, beta)[1].map(([mass, x]) => mass * Math.exp(x));
    const sum = weights.reduce((a, b) => a + b);
    return weights.map((weight) => weight / sum);
  },
  kl({ p, q }) {
    if (p.length !== q.length) refuse("p and q differ in length");
    law(p), law(q);
    if (p.some((mass, y) => mass > 0 && q[y] === 0)) return "inf";
    const log = (mass, other) => (Math.abs(other - mass) < mass / 2 ? Math.log1p((other - mass) / mass) : Math.log(other / mass));
    return p.reduce((sum, mass, y) => sum + (q[y] - mass) - (mass > 0 ? mass * log(mass, q[y]) : 0), 0);
  },
};

const hello = { protocol: 1, name: "JavaScript example", version: "1", functions: Object.keys(functions), batch: 64 };

function reply({ id, function: name, input }) {
  try {
    return { id, answer: functions[name](input) };
  } catch (error) {
    return error.refused ? { id, refused: error.refused } : { id, error: String(error) };
  }
}

const say = (message) => console.log(JSON.stringify(message));
for await (const line of createInterface({ input: process.stdin })) {
  const message = JSON.parse(line);
  if (message.cmd === "hello") say(hello);
  else if (message.cmd === "ask") say(reply(message));
  else if (message.cmd === "ask-many") message.items.map(reply).forEach(say);
  else break;
}
