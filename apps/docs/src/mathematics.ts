/** The page of mathematics: every activation with formula, gradient, plot and source, from its own definition. */
import { catalogue } from '@isoact/core';
import { type PrintedFormula, printLatex } from '@isoact/core/print';
import { closed } from './closed.ts';
import { curve } from './curve.ts';
import { type ActivationName, notes, sources } from './notes.ts';

/** Every file of the page by its name under `docs/`. */
export function mathematicsPage(): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  const sections: string[] = [];
  for (const name of Object.keys(catalogue) as ActivationName[]) {
    const definition = catalogue[name];
    const activation = definition();
    files.set(`curves/${name}.svg`, curve(activation));
    const parameters = Object.entries(activation.parameters).map(([parameter, value]) => {
      const trains = (activation.trainable as readonly string[]).includes(parameter) ? ', trains' : '';
      return `\`${parameter}\` ${Number(value.toPrecision(6))}${trains}`;
    });
    const options = Object.entries(activation.options).map(
      ([option, value]) => `\`${option}\` ${JSON.stringify(value)}`,
    );
    const source = definition.source ?? sources[name];
    const byHand = closed[name];
    const presets = Object.keys(definition.presets).map((preset) => `\`${preset}\``);
    sections.push(
      [
        `## ${name}`,
        ...(source ? [`${source}.`] : []),
        displayed('y', printLatex(activation.forward.y)),
        displayed('\\bar{x}', printLatex(activation.vjp.x)),
        ...(byHand
          ? ['By hand:', displayed(byHand.left ?? '\\bar{x}', { definitions: [], formula: byHand.latex })]
          : []),
        `![${name}, and its derivative dashed](curves/${name}.svg)`,
        ...line('Parameters', parameters),
        ...line('Options', options),
        ...line('Presets', presets),
        ...(notes[name] ?? []),
      ].join('\n\n'),
    );
  }
  files.set('mathematics.md', `${[introduction, ...sections].join('\n\n')}\n`);
  return files;
}

const introduction = `# The mathematics

Each activation y, and the gradient of x for an upstream gradient u, as they are derived from the definition in
\`packages/core/src/activations\`. NaN in gives NaN out, infinities give the limits, and a branch that does not apply
contributes 0. Plots show y over [-4, 4] (a statistic takes these points as one row) and, dashed, the gradient for u = 1.
Where TensorFlow.js and ONNX Runtime differ is measured, value by value, in [what your framework returns](frameworks.md).

This page is written by \`pnpm --filter @isoact/docs write\`; a test holds it to the definitions.`;

const line = (title: string, items: readonly string[]): string[] =>
  items.length ? [`${title}: ${items.join(' · ')}`] : [];

/** A formula and the parts that it names, each on a line of its own. */
function displayed(left: string, { definitions, formula }: PrintedFormula): string {
  const lines = [...definitions.map((part) => `${part.name} &= ${part.formula}`), `${left} &= ${formula}`];
  return ['```math', '\\begin{aligned}', lines.join(' \\\\\n'), '\\end{aligned}', '```'].join('\n');
}
