import { type Activation, adaRelu, type Direction, defineActivation, elu, gelu, relu, velu } from '@isoact/core';
import { mean, moments, mul, sqrt, sub } from '@isoact/core/expression';
import { plan, sequentialTarget } from '@isoact/core/plan';
import { describe, expect, test } from 'vitest';
import { compileCountingWasm, compileWasm, encodeModule, generateWasm, printModule, rangeClasses } from '../index.ts';

const planned = (activation: Activation, shape: number[], direction: Direction = 'forward') =>
  plan(activation, { shape, dtype: 'float32' }, direction, sequentialTarget);

/** The function's text without its declarations. */
const text = (activation: Activation, shape: number[]): string => {
  const { module } = generateWasm(planned(activation, shape), { bounds: rangeClasses(activation) });
  const lines = printModule(module).split('\n');
  return lines
    .slice(4, lines.indexOf('  )'))
    .filter((line) => !line.startsWith('    (local $'))
    .join('\n');
};

/** Runs the code whose text a test shows, in place. */
function run(activation: Activation, x: number[], shape: number[]): number[] {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const values = new Float32Array(memory.buffer, 0, x.length);
  values.set(x);
  // as on every engine, without relaxed SIMD
  compileWasm(planned(activation, shape), memory, { bounds: rangeClasses(activation), relaxed: false }).run({
    inputs: { x: 0 },
    parameters: activation.parameters,
    outputs: { y: 0 },
    scalars: {},
  });
  return [...values];
}

describe('the text', () => {
  test('of relu, which is run too', () => {
    expect(run(relu(), [-1, 2, Number.NaN, -0, 3, -4], [6])).toEqual([0, 2, Number.NaN, 0, 3, 0]);
    expect(text(relu(), [6])).toMatchInlineSnapshot(`
      "    (local.set $c (v128.const f32x4 0 0 0 0))
          (local.set $at (local.get $input_x))
          (local.set $at.1 (local.get $output_y))
          (local.set $k (local.get $length_0))
          (if (i32.ge_u (local.get $k) (i32.const 16)) (then
            (loop $elements0
              (local.set $x (v128.load (local.get $at)))
              (v128.store (local.get $at.1) (v128.andnot (local.get $x) (f32x4.le (local.get $x) (local.get $c))))
              (local.set $x.1 (v128.load offset=16 (local.get $at)))
              (v128.store offset=16 (local.get $at.1) (v128.andnot (local.get $x.1) (f32x4.le (local.get $x.1) (local.get $c))))
              (local.set $x.2 (v128.load offset=32 (local.get $at)))
              (v128.store offset=32 (local.get $at.1) (v128.andnot (local.get $x.2) (f32x4.le (local.get $x.2) (local.get $c))))
              (local.set $x.3 (v128.load offset=48 (local.get $at)))
              (v128.store offset=48 (local.get $at.1) (v128.andnot (local.get $x.3) (f32x4.le (local.get $x.3) (local.get $c))))
              (local.set $at (i32.add (local.get $at) (i32.const 64)))
              (local.set $at.1 (i32.add (local.get $at.1) (i32.const 64)))
              (br_if $elements0 (i32.ge_u (local.tee $k (i32.sub (local.get $k) (i32.const 16))) (i32.const 16)))
            )
          ))
          (if (i32.ge_u (local.get $k) (i32.const 4)) (then
            (loop $elements2
              (local.set $x (v128.load (local.get $at)))
              (v128.store (local.get $at.1) (v128.andnot (local.get $x) (f32x4.le (local.get $x) (local.get $c))))
              (local.set $at (i32.add (local.get $at) (i32.const 16)))
              (local.set $at.1 (i32.add (local.get $at.1) (i32.const 16)))
              (br_if $elements2 (i32.ge_u (local.tee $k (i32.sub (local.get $k) (i32.const 4))) (i32.const 4)))
            )
          ))
          (if (local.get $k) (then
            (local.set $x.1 (call $loadTail (local.get $at) (local.get $k)))
            (call $storeTail (local.get $at.1) (v128.andnot (local.get $x.1) (f32x4.le (local.get $x.1) (local.get $c))) (local.get $k))
          ))"
    `);
  });

  test('of elu: vectors of a longer formula are read before any is written, in place too', () => {
    const lines = text(elu(), [40]).split('\n');
    const loop = lines.slice(lines.findIndex((line) => line.includes('(loop')) + 1);
    expect(loop.findIndex((line) => !line.includes('v128.load'))).toBe(4);
    const x = Array.from({ length: 39 }, (_, index) => Math.fround(index / 8 - 3));
    expect(run(elu(), x, [39])).toEqual(x.flatMap((each) => run(elu(), [each], [1])));
  });

  test('of velu, which is run too', () => {
    const golden = [-1.035187799891, -0.522845313806, 0, 0.533398745889, 1.077300319498];
    const got = run(velu(), [-2, -1, 0, 1, 2, -2, -1, 0, 1, 2], [2, 5]);
    for (const [index, value] of [...golden, ...golden].entries()) expect(got[index]).toBeCloseTo(value, 6);
    expect(text(velu(), [2, 5])).toMatchInlineSnapshot(`
      "    (local.set $lambda (f32x4.splat (local.get $parameter_lambda_value)))
          (local.set $c.1 (v128.const f32x4 1 1 1 1))
          (local.set $gamma (f32x4.splat (local.get $parameter_gamma_value)))
          (local.set $gain (f32x4.splat (local.get $parameter_gain_value)))
          (local.set $epsilon (f32x4.splat (local.get $parameter_epsilon_value)))
          (local.set $c.3 (v128.const f32x4 0.5 0.5 0.5 0.5))
          (local.set $c.4 (v128.const i32x4 2147483647 2147483647 2147483647 2147483647))
          (local.set $c.5 (v128.const f32x4 10 10 10 10))
          (local.set $c.6 (v128.const f32x4 2.885390043258667 2.885390043258667 2.885390043258667 2.885390043258667))
          (local.set $c.7 (v128.const f32x4 12583039 12583039 12583039 12583039))
          (local.set $c.8 (v128.const f32x4 0.3465728759765625 0.3465728759765625 0.3465728759765625 0.3465728759765625))
          (local.set $c.9 (v128.const f32x4 7.143033826650935e-7 7.143033826650935e-7 7.143033826650935e-7 7.143033826650935e-7))
          (local.set $c.10 (v128.const f32x4 0.9999999403953552 0.9999999403953552 0.9999999403953552 0.9999999403953552))
          (local.set $c.11 (v128.const f32x4 -0.6666614413261414 -0.6666614413261414 -0.6666614413261414 -0.6666614413261414))
          (local.set $c.12 (v128.const f32x4 0.3333393931388855 0.3333393931388855 0.3333393931388855 0.3333393931388855))
          (local.set $c.13 (v128.const f32x4 -0.133882075548172 -0.133882075548172 -0.133882075548172 -0.133882075548172))
          (local.set $c.14 (v128.const f32x4 0.04439510777592659 0.04439510777592659 0.04439510777592659 0.04439510777592659))
          (local.set $c.15 (v128.const i32x4 -2147483648 -2147483648 -2147483648 -2147483648))
          (local.set $alpha (f32x4.splat (local.get $parameter_alpha_value)))
          (local.set $beta1 (f32x4.splat (local.get $parameter_beta1_value)))
          (local.set $beta2 (f32x4.splat (local.get $parameter_beta2_value)))
          (local.set $t.12 (f32x4.mul (local.get $alpha) (f32x4.add (local.get $beta1) (local.get $beta2))))
          (local.set $c.16 (v128.const f32x4 0.19994167983531952 0.19994167983531952 0.19994167983531952 0.19994167983531952))
          (local.set $t.13 (f32x4.mul (local.get $beta1) (local.get $beta1)))
          (local.set $t.14 (f32x4.mul (local.get $beta1) (local.get $t.13)))
          (local.set $t.15 (f32x4.mul (local.get $t.14) (local.get $t.13)))
          (local.set $c.17 (v128.const f32x4 0.074953094124794 0.074953094124794 0.074953094124794 0.074953094124794))
          (local.set $t.16 (f32x4.mul (local.get $beta2) (local.get $beta2)))
          (local.set $t.17 (f32x4.mul (local.get $beta2) (local.get $t.16)))
          (local.set $t.18 (f32x4.mul (local.get $t.17) (local.get $t.16)))
          (local.set $t.19 (f32x4.mul (local.get $alpha) (f32x4.add (f32x4.mul (local.get $c.16) (local.get $t.15)) (f32x4.mul (local.get $c.17) (local.get $t.18)))))
          (local.set $c.18 (v128.const f32x4 0.10155827552080154 0.10155827552080154 0.10155827552080154 0.10155827552080154))
          (local.set $t.20 (f32x4.mul (local.get $t.15) (local.get $t.13)))
          (local.set $t.21 (f32x4.mul (local.get $t.20) (local.get $t.13)))
          (local.set $c.19 (v128.const f32x4 0.02418474107980728 0.02418474107980728 0.02418474107980728 0.02418474107980728))
          (local.set $t.22 (f32x4.mul (local.get $t.18) (local.get $t.16)))
          (local.set $t.23 (f32x4.mul (local.get $t.22) (local.get $t.16)))
          (local.set $t.24 (f32x4.mul (local.get $alpha) (f32x4.add (f32x4.mul (local.get $c.18) (local.get $t.21)) (f32x4.mul (local.get $c.19) (local.get $t.23)))))
          (local.set $c.20 (v128.const f32x4 -0.3333323299884796 -0.3333323299884796 -0.3333323299884796 -0.3333323299884796))
          (local.set $c.21 (v128.const f32x4 0.16666752099990845 0.16666752099990845 0.16666752099990845 0.16666752099990845))
          (local.set $t.25 (f32x4.mul (local.get $alpha) (f32x4.add (f32x4.mul (local.get $c.20) (local.get $t.14)) (f32x4.mul (local.get $c.21) (local.get $t.17)))))
          (local.set $c.22 (v128.const f32x4 -0.14174212515354156 -0.14174212515354156 -0.14174212515354156 -0.14174212515354156))
          (local.set $c.23 (v128.const f32x4 0.04546915367245674 0.04546915367245674 0.04546915367245674 0.04546915367245674))
          (local.set $t.26 (f32x4.mul (local.get $alpha) (f32x4.add (f32x4.mul (local.get $c.22) (local.get $t.20)) (f32x4.mul (local.get $c.23) (local.get $t.22)))))
          (local.set $c.24 (v128.const f32x4 -0.0512516088783741 -0.0512516088783741 -0.0512516088783741 -0.0512516088783741))
          (local.set $c.25 (v128.const f32x4 0.042158398777246475 0.042158398777246475 0.042158398777246475 0.042158398777246475))
          (local.set $t.27 (f32x4.mul (local.get $alpha) (f32x4.add (f32x4.mul (local.get $c.24) (f32x4.mul (local.get $t.21) (local.get $t.13))) (f32x4.mul (local.get $c.25) (f32x4.mul (local.get $t.23) (local.get $t.16))))))
          (local.set $c.26 (v128.const f32x4 0.24999983608722687 0.24999983608722687 0.24999983608722687 0.24999983608722687))
          (local.set $c.27 (v128.const f32x4 -0.020792152732610703 -0.020792152732610703 -0.020792152732610703 -0.020792152732610703))
          (local.set $c.28 (v128.const f32x4 4 4 4 4))
          (local.set $c.29 (v128.const f32x4 0 0 0 0))
          (local.set $c.31 (v128.const f32x4 1.5707963705062866 1.5707963705062866 1.5707963705062866 1.5707963705062866))
          (local.set $c.32 (v128.const f32x4 -0.33333152532577515 -0.33333152532577515 -0.33333152532577515 -0.33333152532577515))
          (local.set $c.33 (v128.const f32x4 0.19993767142295837 0.19993767142295837 0.19993767142295837 0.19993767142295837))
          (local.set $c.34 (v128.const f32x4 -0.14211001992225647 -0.14211001992225647 -0.14211001992225647 -0.14211001992225647))
          (local.set $c.35 (v128.const f32x4 0.10665768384933472 0.10665768384933472 0.10665768384933472 0.10665768384933472))
          (local.set $c.36 (v128.const f32x4 -0.07551655918359756 -0.07551655918359756 -0.07551655918359756 -0.07551655918359756))
          (local.set $c.37 (v128.const f32x4 0.04320463538169861 0.04320463538169861 0.04320463538169861 0.04320463538169861))
          (local.set $c.38 (v128.const f32x4 -0.016363102942705154 -0.016363102942705154 -0.016363102942705154 -0.016363102942705154))
          (local.set $c.39 (v128.const f32x4 0.002919393125921488 0.002919393125921488 0.002919393125921488 0.002919393125921488))
          (local.set $c.40 (v128.const f32x4 -4.371138828673793e-8 -4.371138828673793e-8 -4.371138828673793e-8 -4.371138828673793e-8))
          (local.set $c.41 (v128.const f32x4 -2 -2 -2 -2))
          (local.set $c.42 (v128.const f32x4 1.5 1.5 1.5 1.5))
          (local.set $c.43 (v128.const f32x4 0.07079632580280304 0.07079632580280304 0.07079632580280304 0.07079632580280304))
          (local.set $c.44 (v128.const f32x4 0.25 0.25 0.25 0.25))
          (local.set $c.45 (v128.const f32x4 -0.020833250135183334 -0.020833250135183334 -0.020833250135183334 -0.020833250135183334))
          (local.set $c.46 (v128.const f32x4 0.0020816249307245016 0.0020816249307245016 0.0020816249307245016 0.0020816249307245016))
          (local.set $c.47 (v128.const f32x4 -0.0002001280663534999 -0.0002001280663534999 -0.0002001280663534999 -0.0002001280663534999))
          (local.set $at (local.get $input_x))
          (local.set $at.3 (local.get $output_y))
          (local.set $k (local.get $length_0))
          (if (local.get $k) (then
            (loop $loop8
              (local.set $sum (v128.const i32x4 0 0 0 0))
              (local.set $sum.1 (v128.const i32x4 0 0 0 0))
              (local.set $sum.2 (v128.const i32x4 0 0 0 0))
              (local.set $sum.3 (v128.const i32x4 0 0 0 0))
              (local.set $sum.4 (v128.const i32x4 0 0 0 0))
              (local.set $sum.5 (v128.const i32x4 0 0 0 0))
              (local.set $sum.6 (v128.const i32x4 0 0 0 0))
              (local.set $sum.7 (v128.const i32x4 0 0 0 0))
              (local.set $at.1 (local.get $at))
              (local.set $k.1 (local.get $length_1))
              (if (i32.ge_u (local.get $k.1) (i32.const 16)) (then
                (loop $elements0
                  (local.set $x (v128.load (local.get $at.1)))
                  (local.set $t (f32x4.mul (local.get $x) (local.get $x)))
                  (local.set $sum (f64x2.add (local.get $sum) (f64x2.promote_low_f32x4 (local.get $t))))
                  (local.set $sum.1 (f64x2.add (local.get $sum.1) (f64x2.promote_low_f32x4 (i8x16.shuffle 8 9 10 11 12 13 14 15 0 1 2 3 4 5 6 7 (local.get $t) (local.get $t)))))
                  (local.set $x.1 (v128.load offset=16 (local.get $at.1)))
                  (local.set $t.1 (f32x4.mul (local.get $x.1) (local.get $x.1)))
                  (local.set $sum.2 (f64x2.add (local.get $sum.2) (f64x2.promote_low_f32x4 (local.get $t.1))))
                  (local.set $sum.3 (f64x2.add (local.get $sum.3) (f64x2.promote_low_f32x4 (i8x16.shuffle 8 9 10 11 12 13 14 15 0 1 2 3 4 5 6 7 (local.get $t.1) (local.get $t.1)))))
                  (local.set $x.2 (v128.load offset=32 (local.get $at.1)))
                  (local.set $t.2 (f32x4.mul (local.get $x.2) (local.get $x.2)))
                  (local.set $sum.4 (f64x2.add (local.get $sum.4) (f64x2.promote_low_f32x4 (local.get $t.2))))
                  (local.set $sum.5 (f64x2.add (local.get $sum.5) (f64x2.promote_low_f32x4 (i8x16.shuffle 8 9 10 11 12 13 14 15 0 1 2 3 4 5 6 7 (local.get $t.2) (local.get $t.2)))))
                  (local.set $x.3 (v128.load offset=48 (local.get $at.1)))
                  (local.set $t.3 (f32x4.mul (local.get $x.3) (local.get $x.3)))
                  (local.set $sum.6 (f64x2.add (local.get $sum.6) (f64x2.promote_low_f32x4 (local.get $t.3))))
                  (local.set $sum.7 (f64x2.add (local.get $sum.7) (f64x2.promote_low_f32x4 (i8x16.shuffle 8 9 10 11 12 13 14 15 0 1 2 3 4 5 6 7 (local.get $t.3) (local.get $t.3)))))
                  (local.set $at.1 (i32.add (local.get $at.1) (i32.const 64)))
                  (br_if $elements0 (i32.ge_u (local.tee $k.1 (i32.sub (local.get $k.1) (i32.const 16))) (i32.const 16)))
                )
              ))
              (if (i32.ge_u (local.get $k.1) (i32.const 4)) (then
                (loop $elements2
                  (local.set $x (v128.load (local.get $at.1)))
                  (local.set $t (f32x4.mul (local.get $x) (local.get $x)))
                  (local.set $sum (f64x2.add (local.get $sum) (f64x2.promote_low_f32x4 (local.get $t))))
                  (local.set $sum.1 (f64x2.add (local.get $sum.1) (f64x2.promote_low_f32x4 (i8x16.shuffle 8 9 10 11 12 13 14 15 0 1 2 3 4 5 6 7 (local.get $t) (local.get $t)))))
                  (local.set $at.1 (i32.add (local.get $at.1) (i32.const 16)))
                  (br_if $elements2 (i32.ge_u (local.tee $k.1 (i32.sub (local.get $k.1) (i32.const 4))) (i32.const 4)))
                )
              ))
              (if (local.get $k.1) (then
                (local.set $x.1 (call $loadTail (local.get $at.1) (local.get $k.1)))
                (local.set $t.1 (f32x4.mul (local.get $x.1) (local.get $x.1)))
                (local.set $c (i32x4.lt_u (v128.const i32x4 0 1 2 3) (i32x4.splat (local.get $k.1))))
                (local.set $t.2 (v128.and (local.get $t.1) (local.get $c)))
                (local.set $sum (f64x2.add (local.get $sum) (f64x2.promote_low_f32x4 (local.get $t.2))))
                (local.set $sum.1 (f64x2.add (local.get $sum.1) (f64x2.promote_low_f32x4 (i8x16.shuffle 8 9 10 11 12 13 14 15 0 1 2 3 4 5 6 7 (local.get $t.2) (local.get $t.2)))))
              ))
              (local.set $t.4 (f64x2.add (f64x2.add (f64x2.add (f64x2.add (f64x2.add (f64x2.add (f64x2.add (local.get $sum) (local.get $sum.1)) (local.get $sum.2)) (local.get $sum.3)) (local.get $sum.4)) (local.get $sum.5)) (local.get $sum.6)) (local.get $sum.7)))
              (local.set $sum.total (f64.add (f64x2.extract_lane 0 (local.get $t.4)) (f64x2.extract_lane 1 (local.get $t.4))))
              (local.set $c.2 (f32x4.splat (f32.demote_f64 (f64.div (local.get $sum.total) (f64.convert_i32_u (local.get $length_1))))))
              (local.set $t.5 (f32x4.mul (local.get $gain) (f32x4.div (local.get $c.1) (f32x4.sqrt (f32x4.add (local.get $c.2) (local.get $epsilon))))))
              (local.set $t.6 (f32x4.pmin (v128.and (local.get $t.5) (local.get $c.4)) (local.get $c.5)))
              (local.set $t.7 (f32x4.nearest (f32x4.mul (local.get $t.6) (local.get $c.6))))
              (local.set $t.8 (f32x4.mul (local.get $c.3) (i32x4.shl (f32x4.add (local.get $t.7) (local.get $c.7)) (i32.const 23))))
              (local.set $t.9 (f32x4.sub (f32x4.sub (local.get $t.6) (f32x4.mul (local.get $t.7) (local.get $c.8))) (f32x4.mul (local.get $t.7) (local.get $c.9))))
              (local.set $t.10 (f32x4.sub (local.get $t.9) (f32x4.mul (f32x4.mul (local.get $t.9) (local.get $t.9)) (f32x4.add (local.get $c.10) (f32x4.mul (f32x4.add (local.get $c.11) (f32x4.mul (f32x4.add (local.get $c.12) (f32x4.mul (f32x4.add (local.get $c.13) (f32x4.mul (local.get $c.14) (local.get $t.9))) (local.get $t.9))) (local.get $t.9))) (local.get $t.9))))))
              (local.set $t.11 (f32x4.mul (local.get $lambda) (f32x4.add (local.get $c.1) (f32x4.mul (local.get $gamma) (v128.xor (f32x4.div (f32x4.add (v128.and (f32x4.sub (local.get $t.8) (local.get $c.3)) (local.get $c.4)) (local.get $t.10)) (f32x4.sub (f32x4.add (local.get $t.8) (local.get $c.3)) (local.get $t.10))) (v128.and (local.get $t.5) (local.get $c.15)))))))
              (local.set $t.28 (f32x4.mul (local.get $c.2) (local.get $c.29)))
              (local.set $t.29 (f32x4.ne (local.get $t.28) (local.get $t.28)))
              (local.set $c.30 (v128.or (local.get $t.29) (local.get $c.28)))
              (local.set $t.43 (f32x4.add (local.get $c.1) (f32x4.mul (local.get $gamma) (v128.xor (f32x4.div (f32x4.add (v128.and (f32x4.sub (local.get $t.8) (local.get $c.3)) (local.get $c.4)) (local.get $t.10)) (f32x4.sub (f32x4.add (local.get $t.8) (local.get $c.3)) (local.get $t.10))) (v128.and (local.get $t.5) (local.get $c.15))))))
              (local.set $at.2 (local.get $at))
              (local.set $at.4 (local.get $at.3))
              (local.set $k.2 (local.get $length_1))
              (loop $again6
                (block $rare5
                  (if (i32.ge_u (local.get $k.2) (i32.const 16)) (then
                    (loop $elements4
                      (local.set $x.3 (v128.load (local.get $at.2)))
                      (local.set $x (v128.load offset=16 (local.get $at.2)))
                      (local.set $x.1 (v128.load offset=32 (local.get $at.2)))
                      (local.set $x.2 (v128.load offset=48 (local.get $at.2)))
                      (br_if $rare5 (i32x4.bitmask (v128.or (v128.or (v128.or (i32x4.gt_s (v128.and (local.get $x.3) (local.get $c.4)) (local.get $c.30)) (i32x4.gt_s (v128.and (local.get $x) (local.get $c.4)) (local.get $c.30))) (i32x4.gt_s (v128.and (local.get $x.1) (local.get $c.4)) (local.get $c.30))) (i32x4.gt_s (v128.and (local.get $x.2) (local.get $c.4)) (local.get $c.30)))))
                      (local.set $t.2 (f32x4.mul (local.get $x.3) (local.get $x.3)))
                      (local.set $t.3 (f32x4.mul (local.get $t.2) (local.get $t.2)))
                      (local.set $t (f32x4.mul (local.get $x.3) (f32x4.add (f32x4.add (local.get $t.12) (f32x4.mul (f32x4.add (local.get $t.19) (f32x4.mul (local.get $t.24) (local.get $t.3))) (local.get $t.3))) (f32x4.mul (f32x4.add (local.get $t.25) (f32x4.mul (f32x4.add (local.get $t.26) (f32x4.mul (local.get $t.27) (local.get $t.3))) (local.get $t.3))) (local.get $t.2)))))
                      (v128.store (local.get $at.4) (f32x4.mul (local.get $t.11) (f32x4.mul (local.get $x.3) (f32x4.add (local.get $c.3) (f32x4.mul (local.get $t) (f32x4.add (local.get $c.26) (f32x4.mul (local.get $c.27) (f32x4.mul (local.get $t) (local.get $t)))))))))
                      (local.set $t.1 (f32x4.mul (local.get $x) (local.get $x)))
                      (local.set $t.30 (f32x4.mul (local.get $t.1) (local.get $t.1)))
                      (local.set $t.31 (f32x4.mul (local.get $x) (f32x4.add (f32x4.add (local.get $t.12) (f32x4.mul (f32x4.add (local.get $t.19) (f32x4.mul (local.get $t.24) (local.get $t.30))) (local.get $t.30))) (f32x4.mul (f32x4.add (local.get $t.25) (f32x4.mul (f32x4.add (local.get $t.26) (f32x4.mul (local.get $t.27) (local.get $t.30))) (local.get $t.30))) (local.get $t.1)))))
                      (v128.store offset=16 (local.get $at.4) (f32x4.mul (local.get $t.11) (f32x4.mul (local.get $x) (f32x4.add (local.get $c.3) (f32x4.mul (local.get $t.31) (f32x4.add (local.get $c.26) (f32x4.mul (local.get $c.27) (f32x4.mul (local.get $t.31) (local.get $t.31)))))))))
                      (local.set $t.32 (f32x4.mul (local.get $x.1) (local.get $x.1)))
                      (local.set $t.33 (f32x4.mul (local.get $t.32) (local.get $t.32)))
                      (local.set $t.34 (f32x4.mul (local.get $x.1) (f32x4.add (f32x4.add (local.get $t.12) (f32x4.mul (f32x4.add (local.get $t.19) (f32x4.mul (local.get $t.24) (local.get $t.33))) (local.get $t.33))) (f32x4.mul (f32x4.add (local.get $t.25) (f32x4.mul (f32x4.add (local.get $t.26) (f32x4.mul (local.get $t.27) (local.get $t.33))) (local.get $t.33))) (local.get $t.32)))))
                      (v128.store offset=32 (local.get $at.4) (f32x4.mul (local.get $t.11) (f32x4.mul (local.get $x.1) (f32x4.add (local.get $c.3) (f32x4.mul (local.get $t.34) (f32x4.add (local.get $c.26) (f32x4.mul (local.get $c.27) (f32x4.mul (local.get $t.34) (local.get $t.34)))))))))
                      (local.set $t.35 (f32x4.mul (local.get $x.2) (local.get $x.2)))
                      (local.set $t.36 (f32x4.mul (local.get $t.35) (local.get $t.35)))
                      (local.set $t.37 (f32x4.mul (local.get $x.2) (f32x4.add (f32x4.add (local.get $t.12) (f32x4.mul (f32x4.add (local.get $t.19) (f32x4.mul (local.get $t.24) (local.get $t.36))) (local.get $t.36))) (f32x4.mul (f32x4.add (local.get $t.25) (f32x4.mul (f32x4.add (local.get $t.26) (f32x4.mul (local.get $t.27) (local.get $t.36))) (local.get $t.36))) (local.get $t.35)))))
                      (v128.store offset=48 (local.get $at.4) (f32x4.mul (local.get $t.11) (f32x4.mul (local.get $x.2) (f32x4.add (local.get $c.3) (f32x4.mul (local.get $t.37) (f32x4.add (local.get $c.26) (f32x4.mul (local.get $c.27) (f32x4.mul (local.get $t.37) (local.get $t.37)))))))))
                      (local.set $at.2 (i32.add (local.get $at.2) (i32.const 64)))
                      (local.set $at.4 (i32.add (local.get $at.4) (i32.const 64)))
                      (br_if $elements4 (i32.ge_u (local.tee $k.2 (i32.sub (local.get $k.2) (i32.const 16))) (i32.const 16)))
                    )
                  ))
                )
                (if (i32.ge_u (local.get $k.2) (i32.const 4)) (then
                  (local.set $x.3 (v128.load (local.get $at.2)))
                  (local.set $t.2 (f32x4.mul (local.get $x.3) (local.get $x.3)))
                  (local.set $t.3 (f32x4.mul (local.get $t.2) (local.get $t.2)))
                  (local.set $t (f32x4.mul (local.get $x.3) (f32x4.add (f32x4.add (local.get $t.12) (f32x4.mul (f32x4.add (local.get $t.19) (f32x4.mul (local.get $t.24) (local.get $t.3))) (local.get $t.3))) (f32x4.mul (f32x4.add (local.get $t.25) (f32x4.mul (f32x4.add (local.get $t.26) (f32x4.mul (local.get $t.27) (local.get $t.3))) (local.get $t.3))) (local.get $t.2)))))
                  (local.set $v (f32x4.mul (local.get $t.11) (f32x4.mul (local.get $x.3) (f32x4.add (local.get $c.3) (f32x4.mul (local.get $t) (f32x4.add (local.get $c.26) (f32x4.mul (local.get $c.27) (f32x4.mul (local.get $t) (local.get $t)))))))))
                  (local.set $t.1 (i32x4.gt_s (v128.and (local.get $x.3) (local.get $c.4)) (local.get $c.30)))
                  (if (i32x4.bitmask (local.get $t.1)) (then
                    (local.set $t.30 (f32x4.mul (local.get $beta1) (local.get $x.3)))
                    (local.set $t.31 (v128.and (local.get $t.30) (local.get $c.4)))
                    (local.set $t.32 (f32x4.pmin (f32x4.div (local.get $c.1) (local.get $t.31)) (local.get $t.31)))
                    (local.set $t.33 (f32x4.mul (local.get $t.32) (local.get $t.32)))
                    (local.set $t.34 (f32x4.add (local.get $t.32) (f32x4.mul (f32x4.mul (local.get $t.32) (local.get $t.33)) (f32x4.add (local.get $c.32) (f32x4.mul (f32x4.add (local.get $c.33) (f32x4.mul (f32x4.add (local.get $c.34) (f32x4.mul (f32x4.add (local.get $c.35) (f32x4.mul (f32x4.add (local.get $c.36) (f32x4.mul (f32x4.add (local.get $c.37) (f32x4.mul (f32x4.add (local.get $c.38) (f32x4.mul (local.get $c.39) (local.get $t.33))) (local.get $t.33))) (local.get $t.33))) (local.get $t.33))) (local.get $t.33))) (local.get $t.33))) (local.get $t.33))))))
                    (local.set $t.35 (f32x4.mul (local.get $beta2) (local.get $x.3)))
                    (local.set $t.36 (f32x4.pmin (v128.and (local.get $t.35) (local.get $c.4)) (local.get $c.1)))
                    (local.set $t.37 (f32x4.lt (local.get $c.3) (local.get $t.36)))
                    (local.set $t.38 (v128.bitselect (f32x4.mul (f32x4.sub (local.get $c.1) (local.get $t.36)) (local.get $c.3)) (f32x4.mul (local.get $t.36) (local.get $t.36)) (local.get $t.37)))
                    (local.set $t.39 (v128.bitselect (f32x4.mul (f32x4.sqrt (local.get $t.38)) (local.get $c.41)) (local.get $t.36) (local.get $t.37)))
                    (local.set $t.40 (f32x4.mul (local.get $t.39) (f32x4.mul (local.get $t.38) (f32x4.add (local.get $c.21) (f32x4.mul (f32x4.add (local.get $c.17) (f32x4.mul (f32x4.add (local.get $c.23) (f32x4.mul (f32x4.add (local.get $c.19) (f32x4.mul (local.get $c.25) (local.get $t.38))) (local.get $t.38))) (local.get $t.38))) (local.get $t.38))))))
                    (local.set $t.41 (f32x4.mul (local.get $alpha) (f32x4.add (v128.xor (v128.bitselect (f32x4.sub (local.get $c.31) (f32x4.sub (local.get $t.34) (local.get $c.40))) (local.get $t.34) (f32x4.lt (local.get $c.1) (local.get $t.31))) (v128.and (local.get $t.30) (local.get $c.15))) (v128.xor (v128.bitselect (f32x4.add (f32x4.add (local.get $t.39) (local.get $c.42)) (f32x4.add (local.get $t.40) (local.get $c.43))) (f32x4.add (local.get $t.39) (local.get $t.40)) (local.get $t.37)) (v128.and (local.get $t.35) (local.get $c.15))))))
                    (local.set $t.42 (f32x4.mul (local.get $t.41) (local.get $t.41)))
                    (local.set $v (v128.bitselect (f32x4.mul (local.get $lambda) (f32x4.mul (f32x4.mul (local.get $x.3) (f32x4.add (local.get $c.3) (f32x4.mul (local.get $t.41) (f32x4.add (local.get $c.44) (f32x4.mul (f32x4.add (local.get $c.45) (f32x4.mul (f32x4.add (local.get $c.46) (f32x4.mul (local.get $c.47) (local.get $t.42))) (local.get $t.42))) (local.get $t.42)))))) (local.get $t.43))) (local.get $v) (local.get $t.1)))
                  ))
                  (v128.store (local.get $at.4) (local.get $v))
                  (local.set $at.2 (i32.add (local.get $at.2) (i32.const 16)))
                  (local.set $at.4 (i32.add (local.get $at.4) (i32.const 16)))
                  (br_if $again6 (i32.ge_u (local.tee $k.2 (i32.sub (local.get $k.2) (i32.const 4))) (i32.const 4)))
                ))
              )
              (if (local.get $k.2) (then
                (local.set $x (call $loadTail (local.get $at.2) (local.get $k.2)))
                (local.set $t.2 (f32x4.mul (local.get $x) (local.get $x)))
                (local.set $t.3 (f32x4.mul (local.get $t.2) (local.get $t.2)))
                (local.set $t (f32x4.mul (local.get $x) (f32x4.add (f32x4.add (local.get $t.12) (f32x4.mul (f32x4.add (local.get $t.19) (f32x4.mul (local.get $t.24) (local.get $t.3))) (local.get $t.3))) (f32x4.mul (f32x4.add (local.get $t.25) (f32x4.mul (f32x4.add (local.get $t.26) (f32x4.mul (local.get $t.27) (local.get $t.3))) (local.get $t.3))) (local.get $t.2)))))
                (local.set $v (f32x4.mul (local.get $t.11) (f32x4.mul (local.get $x) (f32x4.add (local.get $c.3) (f32x4.mul (local.get $t) (f32x4.add (local.get $c.26) (f32x4.mul (local.get $c.27) (f32x4.mul (local.get $t) (local.get $t)))))))))
                (local.set $t.1 (i32x4.gt_s (v128.and (local.get $x) (local.get $c.4)) (local.get $c.30)))
                (if (i32x4.bitmask (local.get $t.1)) (then
                  (local.set $t.30 (f32x4.mul (local.get $beta1) (local.get $x)))
                  (local.set $t.31 (v128.and (local.get $t.30) (local.get $c.4)))
                  (local.set $t.32 (f32x4.pmin (f32x4.div (local.get $c.1) (local.get $t.31)) (local.get $t.31)))
                  (local.set $t.33 (f32x4.mul (local.get $t.32) (local.get $t.32)))
                  (local.set $t.34 (f32x4.add (local.get $t.32) (f32x4.mul (f32x4.mul (local.get $t.32) (local.get $t.33)) (f32x4.add (local.get $c.32) (f32x4.mul (f32x4.add (local.get $c.33) (f32x4.mul (f32x4.add (local.get $c.34) (f32x4.mul (f32x4.add (local.get $c.35) (f32x4.mul (f32x4.add (local.get $c.36) (f32x4.mul (f32x4.add (local.get $c.37) (f32x4.mul (f32x4.add (local.get $c.38) (f32x4.mul (local.get $c.39) (local.get $t.33))) (local.get $t.33))) (local.get $t.33))) (local.get $t.33))) (local.get $t.33))) (local.get $t.33))) (local.get $t.33))))))
                  (local.set $t.35 (f32x4.mul (local.get $beta2) (local.get $x)))
                  (local.set $t.36 (f32x4.pmin (v128.and (local.get $t.35) (local.get $c.4)) (local.get $c.1)))
                  (local.set $t.37 (f32x4.lt (local.get $c.3) (local.get $t.36)))
                  (local.set $t.38 (v128.bitselect (f32x4.mul (f32x4.sub (local.get $c.1) (local.get $t.36)) (local.get $c.3)) (f32x4.mul (local.get $t.36) (local.get $t.36)) (local.get $t.37)))
                  (local.set $t.39 (v128.bitselect (f32x4.mul (f32x4.sqrt (local.get $t.38)) (local.get $c.41)) (local.get $t.36) (local.get $t.37)))
                  (local.set $t.40 (f32x4.mul (local.get $t.39) (f32x4.mul (local.get $t.38) (f32x4.add (local.get $c.21) (f32x4.mul (f32x4.add (local.get $c.17) (f32x4.mul (f32x4.add (local.get $c.23) (f32x4.mul (f32x4.add (local.get $c.19) (f32x4.mul (local.get $c.25) (local.get $t.38))) (local.get $t.38))) (local.get $t.38))) (local.get $t.38))))))
                  (local.set $t.41 (f32x4.mul (local.get $alpha) (f32x4.add (v128.xor (v128.bitselect (f32x4.sub (local.get $c.31) (f32x4.sub (local.get $t.34) (local.get $c.40))) (local.get $t.34) (f32x4.lt (local.get $c.1) (local.get $t.31))) (v128.and (local.get $t.30) (local.get $c.15))) (v128.xor (v128.bitselect (f32x4.add (f32x4.add (local.get $t.39) (local.get $c.42)) (f32x4.add (local.get $t.40) (local.get $c.43))) (f32x4.add (local.get $t.39) (local.get $t.40)) (local.get $t.37)) (v128.and (local.get $t.35) (local.get $c.15))))))
                  (local.set $t.42 (f32x4.mul (local.get $t.41) (local.get $t.41)))
                  (local.set $v (v128.bitselect (f32x4.mul (local.get $lambda) (f32x4.mul (f32x4.mul (local.get $x) (f32x4.add (local.get $c.3) (f32x4.mul (local.get $t.41) (f32x4.add (local.get $c.44) (f32x4.mul (f32x4.add (local.get $c.45) (f32x4.mul (f32x4.add (local.get $c.46) (f32x4.mul (local.get $c.47) (local.get $t.42))) (local.get $t.42))) (local.get $t.42)))))) (local.get $t.43))) (local.get $v) (local.get $t.1)))
                ))
                (call $storeTail (local.get $at.4) (local.get $v) (local.get $k.2))
              ))
              (local.set $at (i32.add (local.get $at) (i32.mul (local.get $length_1) (i32.const 4))))
              (local.set $at.3 (i32.add (local.get $at.3) (i32.mul (local.get $length_1) (i32.const 4))))
              (br_if $loop8 (local.tee $k (i32.sub (local.get $k) (i32.const 1))))
            )
          ))"
    `);
  });

  test('does not depend on the size', () => {
    const bytes = (shape: number[]) => encodeModule(generateWasm(planned(velu(), shape, 'vjp')).module);
    expect(bytes([3, 4])).toEqual(bytes([300, 512]));
  });
});

test.each([Number.NaN, 1000, Number.POSITIVE_INFINITY])('a neighbour that is %d changes no bit of a value', (rare) => {
  const usual = Array.from({ length: 23 }, (_, index) => Math.sin(index));
  const expected = run(gelu(), usual, [23]);
  for (const place of usual.keys()) {
    const got = run(gelu(), usual.with(place, rare), [23]);
    expect(got.with(place, 0)).toEqual(expected.with(place, 0));
    expect(got[place]).toBe(rare);
  }
});

describe('operations counted while code runs', () => {
  test.each([
    // a comparison and a choice for each element, a vector and a rest
    [relu(), [6], 16],
    [relu(), [64], 128],
  ] as const)('%o', (activation, shape, expected) => {
    const kernel = compileCountingWasm(planned(activation, [...shape]), new WebAssembly.Memory({ initial: 1 }), {});
    const call = { inputs: { x: 16 }, parameters: {}, outputs: { y: 16 }, scalars: {} };
    kernel.run(call);
    expect(kernel.operations()).toBe(expected);
    kernel.run(call);
    expect(kernel.operations()).toBe(2 * expected);
  });

  test('of a vector that is beyond the bounds and of one that is not, in any order', () => {
    const operations = (...x: number[]): number => {
      const memory = new WebAssembly.Memory({ initial: 1 });
      new Float32Array(memory.buffer, 16, x.length).set(x);
      const kernel = compileCountingWasm(planned(gelu(), [x.length]), memory, { bounds: rangeClasses(gelu()) });
      kernel.run({ inputs: { x: 16 }, parameters: {}, outputs: { y: 16 }, scalars: {} });
      return kernel.operations();
    };
    const [usual, rare] = [
      [1, 1, 1, 1],
      [1, 100, 1, 1],
    ];
    expect(operations(...usual, ...rare)).toBe(operations(...rare, ...usual));
    expect(operations(...usual, ...rare) - operations(...usual)).toBe(operations(...rare));
    expect(operations(...rare)).toBeGreaterThan(1.5 * operations(...usual));
  });
});

describe('2^26 elements', { timeout: 120_000 }, () => {
  const length = 2 ** 26;
  const onMemory = (activation: Activation, fill: (x: Float32Array) => void, state: readonly string[] = []) => {
    const memory = new WebAssembly.Memory({ initial: length / 2 ** 14 + 1 });
    const x = new Float32Array(memory.buffer, 0, length);
    fill(x);
    const places = Object.fromEntries(state.map((name, index) => [name, 4 * (length + index)]));
    compileWasm(planned(activation, [length]), memory).run({
      inputs: { x: 0 },
      parameters: activation.parameters,
      outputs: { y: 0 },
      scalars: places,
      scratch: 4 * length + 1024,
    });
    return { y: x, scalars: state.map((_, index) => new Float32Array(memory.buffer)[length + index]) };
  };

  test('a deviation of 10⁻² about 10⁴', () => {
    const [low, high] = [Math.fround(1e4 - 1e-2), Math.fround(1e4 + 1e-2)];
    const spread = defineActivation({
      name: 'spread',
      forward: (x) => mul(sub(x, mean(x, 'tensor')), sqrt(moments(x, 'tensor').variance)),
      limits: () => ({ negative: { value: null, slope: null }, positive: { value: null, slope: null } }),
    });
    const { y } = onMemory(spread(), (x) => {
      for (let index = 0; index < length; index++) x[index] = index % 2 ? high : low;
    });
    const half = (high - low) / 2;
    for (const index of [0, 1, 2 ** 24, 2 ** 25 + 1, length - 1]) {
      expect(y[index]).toBe(Math.fround((index % 2 ? 1 : -1) * half * half));
    }
  });

  test('counts that differ by 2 of 2^26, which float32 cannot tell', () => {
    const fill = (x: Float32Array): void => {
      x.fill(1, 0, length / 2 + 1).fill(-1, length / 2 + 1);
    };
    const { y, scalars } = onMemory(adaRelu(), fill, ['positive', 'negative']);
    expect([y[0], y[length - 1]]).toEqual([0, -1]); // the rarer sign is kept
    expect(scalars).toEqual([Math.fround(length / 2 + 1), length / 2 - 1].map(Math.fround));
  });
});
