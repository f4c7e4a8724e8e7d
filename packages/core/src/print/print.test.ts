import { describe, expect, test } from 'vitest';
import { adaRelu, convRelu, crelu, elu, gelu, relu6, swish, velu } from '../index.ts';
import { printLatex, printText } from './index.ts';

describe('text', () => {
  test('of the larger of two', () => {
    expect(printText(convRelu().forward.y).formula).toBe('max(x, θ)');
    expect(printLatex(convRelu().forward.y).formula).toBe('\\max\\left(x, \\theta\\right)');
  });

  test('of values', () => {
    expect(printText(swish().forward.y).formula).toBe('x·σ(β·x)');
    expect(printText(relu6().forward.y).formula).toBe('{ 0 if x ≤ 0; 6 if 6 ≤ x; x otherwise }');
    expect(printText(crelu().forward.y).formula).toBe(
      'concat({ 0 if x ≤ 0; x otherwise }, { 0 if 0 ≤ x; -x otherwise })',
    );
    expect(printText(crelu().vjp.x).formula).toBe('{ 0 if 0 ≤ x; -u₂ otherwise } + { 0 if x ≤ 0; u₁ otherwise }');
    expect(printText(gelu().forward.y).formula).toBe('x·0.5·erfc(-√(1/2)·x)');
    expect(printText(velu().forward.y).formula).toBe(
      'λ·x·σ(α·(atan(β₁·x) + asin(β₂·x)))·(1 + γ·tanh(gain·1/√(mean[row](x²) + ε)))',
    );
    expect(printText(adaRelu().forward.y).formula).toBe(
      '{ { 0 if 0 ≤ x; x otherwise } if #[tensor](x < 0) < #[tensor](0 < x); 0 if x ≤ 0; x otherwise }',
    );
  });

  test('of gradients, with a line for each part that is used twice', () => {
    expect(printText(elu().vjp.x).formula).toBe('{ α·u·exp(x) if x ≤ 0; u otherwise }');
    expect(printText(swish().vjp.x)).toEqual({
      definitions: [
        { name: 's₁', formula: 'β·x' },
        { name: 's₂', formula: 'σ(s₁)' },
      ],
      formula: 'u·s₂ + β·x·u·s₂·σ(-s₁)',
    });
    expect(printText(swish().vjp.parameters.beta as never).definitions).toHaveLength(1);
  });

  test('of a penalty', () => {
    expect(printText(velu({ transport: 'penalty' }).forward.penalty as never).formula).toBe(
      'mean[tensor](s₁)² + (√(var[tensor](s₁)) - 1)²',
    );
  });
});

test('LaTeX', () => {
  expect(printLatex(relu6().forward.y).formula).toBe(
    '\\begin{cases} 0 & x \\le 0 \\\\ 6 & 6 \\le x \\\\ x & \\text{otherwise} \\end{cases}',
  );
  expect(printLatex(velu().forward.y).formula).toContain('\\tanh\\left(\\mathrm{gain} \\cdot \\frac{1}{\\sqrt{');
});
