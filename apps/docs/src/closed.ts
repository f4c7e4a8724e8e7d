/** Gradients as one writes them by hand, where what is derived from the definition is hard to read. Tested against it. */
import type { ActivationName } from './notes.ts';

interface ClosedGradient {
  /** x̄ in LaTeX, and what it is called where that is not x̄. */
  readonly latex: string;
  readonly left?: string;
  /** dy/dx at the default settings, for an activation of one element. */
  readonly slope: (x: number) => number;
}

const sigmoid = (t: number): number => 1 / (1 + Math.exp(-t));
const softplus = (t: number): number => Math.log1p(Math.exp(t));

/** Φ(x) by Simpson's rule from -12 on: slow, and of no one else's making. */
function gaussianBelow(x: number): number {
  const steps = 20_000;
  const width = (x + 12) / steps;
  let total = 0;
  for (let k = 0; k <= steps; k++) {
    const t = -12 + k * width;
    total += (k === 0 || k === steps ? 1 : k % 2 ? 4 : 2) * Math.exp((-t * t) / 2);
  }
  return (total * width) / 3 / Math.sqrt(2 * Math.PI);
}

export const closed: Readonly<Partial<Record<ActivationName, ClosedGradient>>> = {
  softplus: { latex: 'u \\cdot \\sigma(\\beta x)', slope: sigmoid },
  softsign: { latex: '\\frac{u}{(1 + |x|)^2}', slope: (x) => 1 / (1 + Math.abs(x)) ** 2 },
  gelu: {
    latex:
      'u \\cdot \\bigl(\\Phi(x) + x \\cdot \\varphi(x)\\bigr), \\quad \\varphi(x) = \\tfrac{1}{\\sqrt{2\\pi}} e^{-x^2/2}',
    slope: (x) => gaussianBelow(x) + (x * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI),
  },
  geluTanh: {
    latex:
      'u \\cdot \\bigl(s + x \\cdot s\\,(1 - s) \\cdot \\sqrt{8/\\pi}\\,(1 + 3 \\cdot 0.044715\\,x^2)\\bigr) \\\\ s &= \\sigma\\bigl(\\sqrt{8/\\pi}\\,(x + 0.044715\\,x^3)\\bigr)',
    slope: (x) => {
      const s = sigmoid(Math.sqrt(8 / Math.PI) * (x + 0.044715 * x ** 3));
      return s + x * s * (1 - s) * Math.sqrt(8 / Math.PI) * (1 + 3 * 0.044715 * x * x);
    },
  },
  mish: {
    latex:
      'u \\cdot \\bigl(\\tanh t + x \\cdot \\operatorname{sech}^2 t \\cdot \\sigma(x)\\bigr), \\quad t = \\log(1 + e^x)',
    slope: (x) => Math.tanh(softplus(x)) + (x * sigmoid(x)) / Math.cosh(softplus(x)) ** 2,
  },
  celu: {
    latex: '\\begin{cases} u \\cdot e^{x/\\alpha} & x \\le 0 \\\\ u & \\text{otherwise} \\end{cases}',
    slope: (x) => Math.min(1, Math.exp(x)),
  },
  hardSwish: {
    latex:
      'u \\cdot \\begin{cases} 0 & x \\le -3 \\\\ 1 & 3 \\le x \\\\ \\frac{x}{3} + \\frac{1}{2} & \\text{otherwise} \\end{cases}',
    slope: (x) => (x <= -3 ? 0 : x >= 3 ? 1 : x / 3 + 0.5),
  },
  velu: {
    left: '\\bar{x}_j',
    latex: [
      "\\lambda u_j A \\bigl(s_j + x_j s_j (1 - s_j)\\,a'_j\\bigr) - \\frac{x_j S^3}{n} \\cdot \\gamma \\cdot \\mathrm{gain} \\cdot \\operatorname{sech}^2(\\mathrm{gain} \\cdot S) \\sum_i \\lambda u_i x_i s_i",
      's_j &= \\sigma\\bigl(\\alpha(\\arctan \\beta_1 x_j + \\arcsin \\beta_2 x_j)\\bigr)',
      "a'_j &= \\alpha\\Bigl(\\frac{\\beta_1}{1 + \\beta_1^2 x_j^2} + \\frac{\\beta_2}{\\sqrt{1 - \\beta_2^2 x_j^2}}\\,[|\\beta_2 x_j| < 1]\\Bigr)",
      'S &= \\frac{1}{\\sqrt{\\operatorname{E}(x^2) + \\epsilon}}, \\quad A = 1 + \\gamma \\tanh(\\mathrm{gain} \\cdot S)',
    ].join(' \\\\\n'),
    slope: (x) => {
      const [own, statistic] = [0.1, 1 / Math.sqrt(x * x + 1e-6)]; // α, β1, β2 and γ are 0.1
      const s = sigmoid(own * (Math.atan(own * x) + Math.asin(Math.max(-1, Math.min(1, own * x)))));
      const inside = Math.abs(own * x) < 1 ? own / Math.sqrt(1 - (own * x) ** 2) : 0;
      const angle = own * (own / (1 + (own * x) ** 2) + inside);
      const scale = 1 + own * Math.tanh(0.9 * statistic);
      const share = -x * statistic ** 3 * own * (0.9 / Math.cosh(0.9 * statistic) ** 2) * x * s;
      return scale * (s + x * s * (1 - s) * angle) + share;
    },
  },
};
