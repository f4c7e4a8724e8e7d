/** What the formulas do not say of themselves: where frameworks differ, and what the papers print otherwise. */
import type { catalogue } from '@isoact/core';

export type ActivationName = keyof typeof catalogue;

/** Where functions come from whose definitions name no one. */
export const sources: Readonly<Partial<Record<ActivationName, string>>> = {
  sigmoid:
    'The logistic function of Verhulst 1838; in networks Rumelhart, Hinton and Williams 1986, doi:10.1038/323533a0',
  tanh: 'In networks LeCun, Bottou, Orr and Müller 1998, Efficient BackProp',
};

/** One paragraph for each remark. */
export const notes: Readonly<Partial<Record<ActivationName, readonly string[]>>> = {
  sigmoid: [
    'The derivative is written σ(x)·σ(-x): as σ·(1 - σ) it loses all digits where σ is near 1. On WebGPU TensorFlow.js and ONNX Runtime return 0 for NaN; on CPUs ONNX Runtime returns 0 from -20 on, where the value is 2.06e-9.',
  ],
  tanh: [
    'The derivative is 4·σ(2x)·σ(-2x), which is sech²: as 1 - tanh² it loses all digits in the tails, and TensorFlow.js’s gradient is 0 at -12. On GPUs both frameworks return 1.19e-7 for tanh(1e-7), and 0 for tanh(1e-20).',
  ],
  relu: [
    'Its derivative at 0 is declared 0, which Bertoin et al. 2021 found best for stochastic gradient descent. NaN stays NaN, where ONNX Runtime on WebGPU returns 0; -∞ gives 0, where TensorFlow.js on WebGL returns NaN.',
  ],
  relu6: [
    'Its derivative at 0 and at 6 is declared 0. For NaN TensorFlow.js returns 0 on wasm and WebGPU; for -∞ NaN on WebGL.',
  ],
  leakyRelu: [
    'At 0 the derivative is that of the left branch, the slope, as in PyTorch and tfjs; the same for `prelu`, `rrelu`, `elu` and `selu`.',
    'There is no common default. PyTorch and ONNX take 0.01, `tf.leakyRelu` 0.2, the Keras and tfjs layers 0.3; the last two are the presets `tfjsCore`, `tfjsLayers` and `keras`. For NaN the gradient of TensorFlow.js is the slope.',
  ],
  prelu: ['One slope for all, or one for each channel. PyTorch starts it at 0.25, the Keras and tfjs layers at 0.'],
  rrelu: [
    'The slope is that of evaluation, (1/8 + 1/3)/2 as in PyTorch. The paper divides by 5.5 instead: preset `paper`.',
    'With `mode: "train"` each element has a slope of its own, lower + (upper - lower)·noise (the paper’s preset divides by that), and the gradient has the same slopes. The noise is the first word of Philox4x32-10 for the counter (index, 0, 0, 0) with the seed as the key, its upper 24 bits scaled to [0, 1): the same bits on every backend. The call’s state brings the seed, two words of 32 bits.',
  ],
  crelu: [
    'Two channels for each: y is as long along the channel axis as two x, the positive parts first. The specification names that axis (`channelAxis`); u₁ and u₂ are the upstream gradients of the two parts. TensorFlow’s `tf.nn.crelu` takes the last axis unless told; TensorFlow.js and ONNX have none.',
  ],
  swish: [
    'At -∞ the value is -0 and the derivative 0, the limits. Frameworks multiply x with σ(x) and return NaN there, and NaN for the gradient at both infinities. With β = 1 this is SiLU.',
  ],
  gelu: [
    'Written with erfc, so that the negative tail keeps its relative accuracy; ½(1 + erf) cancels there to nothing. At -∞ the value is -0, where frameworks return NaN; at -5 TensorFlow.js and ONNX Runtime are off by 4 %, from -8 on they return 0, where the value is -5e-15. `geluTanh` is another function and has another name.',
  ],
  geluTanh: [
    'The approximation of the paper. It differs from `gelu` by up to 5e-4, so the two never stand for each other. At -5 frameworks are off by 30 % and more, for they form 1 + tanh.',
  ],
  elu: [
    'Written with expm1: e^x - 1 near 0 loses all digits of small x. ONNX Runtime, and TensorFlow.js on GPUs, return -1.19e-7 for -1e-7, off by 19 %, and both return +∞ for NaN on GPUs. TensorFlow.js’s gradient y + 1 is 0 from -20 on.',
  ],
  celu: ['For α = 1 it is `elu`. PyTorch and ONNX have it, TensorFlow.js has not.'],
  selu: [
    'Near 0 frameworks are off as with `elu`. The constants are those for which mean 0 and variance 1 are a fixed point, to all digits of float64.',
  ],
  softsign: [
    'Beyond ±1 written as ±(1 - 1/(1 + |x|)), so that ±∞ gives ±1; x/(1 + |x|), which frameworks compute, is NaN there.',
  ],
  mish: ['At -∞ the value is -0 and the derivative 0; frameworks multiply x with tanh and return NaN there.'],
  hardSwish: ['Its derivative is declared 0 at -3 and 1 at 3. At -∞ the value is -0, where a plain product is NaN.'],
  softplus: [
    'Written with log1p of e^-|x|, so that it neither overflows nor vanishes. On GPUs TensorFlow.js and ONNX Runtime return +∞ for NaN, and are off by 1 % at -12.',
  ],
  hardSigmoid: ['Slope 1/6 as in PyTorch and Keras 3; Keras 2 and older tfjs layers take 0.2: preset `keras2`.'],
  convRelu: ['As the AdaReLU paper describes it. Gao et al. 2020 tie θ to each tap of a convolution’s kernel.'],
  dyRelu: [
    'The coefficients come from a hyper-network. With its last layer at zero, a fresh one is ReLU; only the derivative at 0 is 1, since a tie is the first line’s.',
  ],
  velu: [
    '**Eq. 1 and Eq. 5.** Eq. 1 scales with the deviation σ_x of the batch, Eq. 5 and the official code with 1/√(E[x²] + ε) of the last axis. They move in opposite directions as the input grows. The default is the official code’s (`statistic: "inverseRms"`, `extent: "row"`); the preset `equation1` is Eq. 1 as printed.',
    `**Eq. 4 is not the derivative of this function.** It lacks the factor x, the chain rule inside σ and all paths through the statistic; at x = 0 it gives λA/4, where the derivative is λA/2. As printed:

\`\`\`math
f'(x) = \\lambda \\cdot \\sigma' \\cdot s_{\\text{adaptive}} + f(x) \\cdot \\gamma \\cdot \\mu \\cdot \\operatorname{sech}^2(\\mu \\cdot \\sigma_x)
\`\`\`

The gradient here is derived from the formula above, statistics included.`,
    '**“Momentum” is a gain.** The paper speaks of a “smoothing effect”, but μ multiplies the statistic of one batch and nothing is smoothed over steps; the option is called `gain`, and `momentum` is accepted.',
    '**It is not bounded below**, though the paper says “boundedness below”. With the defaults the slope tends to about 0.42 at -∞.',
    '**The penalty** (`transport: "penalty"`) is Eq. 3 on z = y/λ over the whole tensor, without its weight λ_OT. Eq. 3 is the squared Wasserstein-2 distance only for Gaussian data.',
    '**A group whose deviation is 0** has the gradient 0 through it, never NaN (the official layer gives NaN for all-zero input). A group that holds an infinity has 1/√(E[x²] + ε) = 0, σ_x = ∞, and nothing flows through either. `detachStatistic` takes the statistic as a constant.',
    '**Eq. 6** clips A to [0.5, 2] (`adaptClip`), which does nothing unless γ > 1 or γ < -0.5; its derivative is 0 on the bounds and outside. The preset `guarded` has it, and ε = 1e-3, which the paper recommends for unstable training. `figure2` is the curve of the paper’s figure, whose α, β₁ and β₂ its text does not use elsewhere.',
    '**Where |β₂·x| reaches 1** the function is continuous and has no derivative; 0 is taken for the arcsine there and beyond. The official code gives ±∞ at the point and NaN beside it.',
  ],
  adaRelu: [
    'Zeros and NaN count for neither sign; a tie keeps the positive one. Nothing flows through the choice.',
    'The paper gives no rule for inference, where a result should not depend on the rest of the batch: with `mode: "frozen"` the counts of an earlier call decide. A group with a single positive value and nothing else is suppressed to 0, by definition.',
    'Other functions share the name AdaReLU; this one is doi:10.61591/jslhu.26.1075.',
  ],
};
