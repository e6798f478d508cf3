// The twin of planar_gan.py, which says where each number comes from: from the same settings both
// give the same losses, which a test compares. The arithmetic loops write into arrays that exist.

import { GAMES, smoothed } from "./mathematics.js";

export const SHOWN = 200; // generated and real samples that are shown and measured
const SLOPE = 0.2; // of LeakyReLU below 0

// What a stream of random numbers is for.
const [GENERATOR, DISCRIMINATOR, DATA, LATENT, GENERATOR_LATENT, ALPHA, SHOWN_DATA, SHOWN_LATENT] = Array(8).keys();

function mix(x) {
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return x ^ (x >>> 16);
}

export function uniform(seed, purpose, step, n) {
  const key = mix(mix(mix(seed) ^ purpose) ^ step);
  return new Float64Array(n).map((_, i) => ((mix(key + Math.imul(i, 0x9e3779b9)) >>> 0) + 0.5) / 2 ** 32);
}

// Standard normal numbers from as many uniform ones, pair by pair.
function normal(u) {
  return u.map((_, i) => {
    const [radius, angle] = [Math.sqrt(-2 * Math.log(u[i & ~1])), 2 * Math.PI * u[i | 1]];
    return radius * (i % 2 ? Math.sin(angle) : Math.cos(angle));
  });
}

const RING = [0, 1, 2, 3, 4, 5, 6, 7].map((i) => [Math.cos, Math.sin].map((part) => 0.7 * part((i * Math.PI) / 4)));
const GRID = [-2, -1, 0, 1, 2].flatMap((y, _, all) => all.map((x) => [0.35 * x, 0.35 * y]));

const oneOf = (points, u) => points[Math.floor(u * points.length)];

function moons(u, v) {
  const side = u < 0.5 ? 0.55 : -0.55;
  return [side * (Math.cos(Math.PI * v) - 0.5), side * (Math.sin(Math.PI * v) - 0.25)];
}

const DATA_SETS = {
  ring: { spread: 0.05, place: (u) => oneOf(RING, u), modes: RING },
  grid: { spread: 0.03, place: (u) => oneOf(GRID, u), modes: GRID },
  moons: { spread: 0.05, place: moons },
  line: { spread: 0.03, place: (u) => [(2 * u - 1) * 0.8, (2 * u - 1) * 0.5] },
  drawn: { spread: 0.03, place: (u, v, points) => oneOf(points, u) },
};

// result (n, q) = a (n, p) times b (p, q), added to what is there if asked. Steps between rows and
// between columns are given, so that a transposed matrix is read in place. Two rows and two columns
// at a time are nearly three times as fast as one; the last of an odd number is computed twice.
function product(a, aRow, aColumn, b, bRow, bColumn, n, p, q, result, add) {
  for (let i = 0; i < n; i += 2) {
    const down = i + 1 < n ? 1 : 0;
    const below = down * aRow;
    for (let j = 0; j < q; j += 2) {
      const right = j + 1 < q ? 1 : 0;
      const beside = right * bColumn;
      const at = i * q + j;
      const east = at + right;
      const south = at + down * q;
      const southeast = south + right;
      let s = add ? result[at] : 0;
      let t = add ? result[east] : 0;
      let u = add ? result[south] : 0;
      let v = add ? result[southeast] : 0;
      for (let k = 0, x = i * aRow, y = j * bColumn; k < p; k++, x += aColumn, y += bRow) {
        const a0 = a[x];
        const a1 = a[x + below];
        const b0 = b[y];
        const b1 = b[y + beside];
        s += a0 * b0;
        t += a0 * b1;
        u += a1 * b0;
        v += a1 * b1;
      }
      result[at] = s;
      result[east] = t;
      result[south] = u;
      result[southeast] = v;
    }
  }
}

// Three dense layers with LeakyReLU between them, and their exact gradients. An array that a method
// returns holds until the method is called again.
class Network {
  constructor(seed, purpose, sizes) {
    this.layers = sizes.slice(1).map((outputs, at) => {
      const inputs = sizes[at];
      const even = outputs + (outputs % 2); // normal numbers come in pairs
      const drawn = normal(uniform(seed, purpose, at, inputs * even));
      const scale = Math.sqrt(2 / ((1 + SLOPE ** 2) * inputs));
      const weights = drawn.filter((_, i) => i % even < outputs).map((number) => number * scale);
      return { inputs, outputs, weights, biases: new Float64Array(outputs), last: !sizes[at + 2] };
    });
    this.parameters = this.layers.flatMap((layer) => [layer.weights, layer.biases]);
    [this.gradients, this.means, this.squares] = [0, 0, 0].map(() => this.parameters.map(({ length }) => new Float64Array(length)));
    this.rows = this.updates = 0;
  }

  // The outputs (n, outputs) at inputs (n, inputs).
  forward(x, n) {
    for (const layer of this.layers) {
      const { inputs, outputs, weights, biases, last } = layer;
      if (n > this.rows) {
        for (const name of ["output", "slopes", "signal"]) layer[name] = new Float64Array(n * outputs);
        layer.back = new Float64Array(n * inputs);
      }
      const { output, slopes } = layer;
      product(x, inputs, 1, weights, outputs, 1, n, inputs, outputs, output);
      for (let i = 0, j = 0; i < n * outputs; i++, j = (j + 1) % outputs) {
        const before = output[i] + biases[j];
        slopes[i] = last || before > 0 ? 1 : SLOPE;
        output[i] = before * slopes[i];
      }
      layer.input = x;
      x = output;
    }
    this.rows = Math.max(n, this.rows);
    return x;
  }

  // From the gradient in the outputs to that in the inputs; adds to `gradients` if it is to learn.
  backward(gradient, n, learn) {
    for (let at = this.layers.length - 1; at >= 0; at--) {
      const { inputs, outputs, weights, input, slopes, signal, back } = this.layers[at];
      const biases = this.gradients[2 * at + 1];
      for (let i = 0, j = 0; i < n * outputs; i++, j = (j + 1) % outputs) {
        signal[i] = gradient[i] * slopes[i];
        if (learn) biases[j] += signal[i];
      }
      if (learn) product(input, 1, inputs, signal, outputs, 1, inputs, n, outputs, this.gradients[2 * at], true);
      product(signal, outputs, 1, weights, 1, outputs, n, outputs, inputs, back);
      gradient = back;
    }
    return gradient;
  }

  // The gradient of the one output in the input, (n, 2), after `forward`.
  inputGradient(n) {
    return this.backward(new Float64Array(n).fill(1), n);
  }

  // The weighted penalty on the input gradient at x (n, 2); adds its gradient to `gradients`.
  penalise(x, n, penalty, weight) {
    this.forward(x, n);
    let left = this.inputGradient(n).slice(0, 2 * n);
    let value = 0;
    for (let i = 0; i < 2 * n; i += 2) {
      const square = left[i] ** 2 + left[i + 1] ** 2;
      const norm = Math.sqrt(square + 1e-12);
      const gradient = penalty === "gradient";
      value += (weight / n) * (gradient ? (norm - 1) ** 2 : square / 2);
      const factor = (weight / n) * (gradient ? (2 * (norm - 1)) / norm : 1);
      left[i] *= factor;
      left[i + 1] *= factor;
    }
    this.layers.forEach((layer, at) => {
      const { inputs, outputs, weights, slopes, signal } = layer;
      product(left, 1, inputs, signal, outputs, 1, inputs, n, outputs, this.gradients[2 * at], true);
      const before = new Float64Array(n * outputs);
      product(left, inputs, 1, weights, outputs, 1, n, inputs, outputs, before);
      left = before.map((x, i) => x * slopes[i]);
    });
    return value;
  }

  // Moves every parameter by one step, and forgets the gradients.
  update(optimizer, rate) {
    this.updates += 1;
    const adam = rate * (Math.sqrt(1 - 0.999 ** this.updates) / (1 - 0.5 ** this.updates));
    this.parameters.forEach((parameter, at) => {
      const [gradient, mean, square] = [this.gradients[at], this.means[at], this.squares[at]];
      for (let i = 0; i < parameter.length; i++) {
        mean[i] += 0.5 * (gradient[i] - mean[i]);
        square[i] += (1 - 0.999) * (gradient[i] ** 2 - square[i]);
        parameter[i] -= optimizer === "sgd" ? rate * gradient[i] : (adam * mean[i]) / (Math.sqrt(square[i]) + 1e-7);
      }
      gradient.fill(0);
    });
  }
}

const distance = (x, y) => Math.sqrt(x ** 2 + y ** 2);

export class PlanarGAN {
  // Settings as `Experiment.settings()` gives them.
  constructor(settings) {
    this.settings = settings;
    const { seed, hidden } = settings;
    this.generator = new Network(seed, GENERATOR, [2, hidden, hidden, 2]);
    this.discriminator = new Network(seed, DISCRIMINATOR, [2, hidden, hidden, 1]);
    this.game = GAMES[settings.loss];
    this.realTerm = smoothed(this.game.real, settings.smoothing);
    this.history = { discriminator: [], generator: [] };
    this.pending = null; // the discriminator's loss, between its turn and the generator's
    this.slopes = new Float64Array(settings.batch);
  }

  get steps() {
    return this.history.generator.length;
  }

  latent(purpose, step, n) {
    return uniform(this.settings.seed, purpose, step, 2 * n).map((u) => 2 * u - 1);
  }

  data(purpose, step, n) {
    const { seed, data, points } = this.settings;
    const { place, spread } = DATA_SETS[data];
    const u = uniform(seed, purpose, step, 4 * n);
    const noise = normal(u);
    return new Float64Array(2 * n).map((_, i) => {
      const at = 4 * (i >> 1);
      return place(u[at], u[at + 1], points)[i % 2] + spread * noise[at + 2 + (i % 2)];
    });
  }

  // The mean loss of scores (batch,); leaves the gradient in them in `slopes`.
  judge(term, scores) {
    const { batch } = this.settings;
    let sum = 0;
    for (let i = 0; i < batch; i++) {
      sum += term.loss(scores[i]);
      this.slopes[i] = term.gradient(scores[i]) / batch;
    }
    return sum / batch;
  }

  discriminatorStep() {
    const { seed, batch, penalty, penalty_weight, optimizer, discriminator_rate } = this.settings;
    const steps = this.discriminator.updates;
    const real = this.data(DATA, steps, batch);
    const fake = this.generator.forward(this.latent(LATENT, steps, batch), batch);
    let loss = 0;
    for (const [x, term] of [[real, this.realTerm], [fake, this.game.fake]]) {
      loss += this.judge(term, this.discriminator.forward(x, batch));
      this.discriminator.backward(this.slopes, batch, true);
    }
    if (penalty !== "none") {
      let x = real;
      if (penalty === "gradient") {
        const alpha = uniform(seed, ALPHA, steps, batch);
        x = real.map((value, i) => alpha[i >> 1] * value + (1 - alpha[i >> 1]) * fake[i]);
      }
      loss += this.discriminator.penalise(x, batch, penalty, penalty_weight);
    }
    this.discriminator.update(optimizer, discriminator_rate);
    return loss;
  }

  generatorStep() {
    const { batch, optimizer, generator_rate } = this.settings;
    const fake = this.generator.forward(this.latent(GENERATOR_LATENT, this.steps, batch), batch);
    const loss = this.judge(this.game.generator, this.discriminator.forward(fake, batch));
    this.generator.backward(this.discriminator.backward(this.slopes, batch), batch, true);
    this.generator.update(optimizer, generator_rate);
    return loss;
  }

  // One player's turn, the discriminator's first; says whose it was.
  turn() {
    if (this.pending === null) {
      for (let i = 0; i < this.settings.discriminator_steps; i++) this.pending = this.discriminatorStep();
      return "discriminator";
    }
    this.history.generator.push(this.generatorStep());
    this.history.discriminator.push(this.pending);
    this.pending = null;
    return "generator";
  }

  // Both players' turn, or what is left of it.
  step() {
    while (this.turn() === "discriminator");
  }

  train(steps) {
    for (let i = 0; i < steps; i++) this.step();
    return this.history;
  }

  // Points are pairs in one array, (x, y, x, y, ...).
  generate(z) {
    return this.generator.forward(z, z.length / 2).slice(0, z.length);
  }

  samples() {
    return this.generate(this.latent(SHOWN_LATENT, 0, SHOWN));
  }

  realSamples() {
    return this.data(SHOWN_DATA, 0, SHOWN);
  }

  scores(points) {
    return this.discriminator.forward(points, points.length / 2).slice(0, points.length / 2);
  }

  // Where a fake at each point is sent: minus the generator's gradient there.
  pull(points) {
    const scores = this.scores(points);
    const slopes = this.discriminator.inputGradient(scores.length).slice(0, points.length);
    return slopes.map((slope, i) => -this.game.generator.gradient(scores[i >> 1]) * slope);
  }

  energyDistance() {
    const [fake, real] = [this.samples(), this.realSamples()];
    const mean = (a, b) => {
      let sum = 0;
      for (let i = 0; i < a.length; i += 2) {
        for (let j = 0; j < b.length; j += 2) sum += distance(a[i] - b[j], a[i + 1] - b[j + 1]);
      }
      return (4 * sum) / (a.length * b.length);
    };
    return 2 * mean(fake, real) - mean(fake, fake) - mean(real, real);
  }

  // [heaps that the samples reach, heaps of the data], or null where the data have none.
  modesFound() {
    const { modes, spread } = DATA_SETS[this.settings.data];
    if (!modes) return null;
    const samples = this.samples();
    const found = modes.filter(([x, y]) => {
      let near = 0;
      for (let i = 0; i < samples.length; i += 2) near += distance(samples[i] - x, samples[i + 1] - y) <= 3 * spread;
      return 4 * modes.length * near >= SHOWN;
    });
    return [found.length, modes.length];
  }
}
