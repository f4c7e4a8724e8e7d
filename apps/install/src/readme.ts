/** What a README tells a newcomer to type: its `npm install` lines, and the samples between them. */

export interface Instructions {
  /** The arguments of `npm install`. */
  readonly install: readonly string[];
  /** The `js` samples that follow, up to the next lines of that kind. */
  readonly samples: readonly string[];
}

const installOrSample = /^[ ]*npm install (?<install>[^\n]*)$|^```js\n(?<sample>.*?)^```/gms;

/** Install lines that stand together share the samples that follow. */
export function instructionsOf(readme: string): readonly Instructions[] {
  const found: { install: string[]; samples: string[] }[] = [];
  let together: { install: string[]; samples: string[] }[] = [];
  for (const { groups } of readme.matchAll(installOrSample)) {
    if (groups?.install !== undefined) {
      if (together.some(({ samples }) => samples.length > 0)) together = [];
      const [line = ''] = groups.install.split('#');
      together.push({ install: line.trim().split(/\s+/), samples: [] });
      found.push(...together.slice(-1));
    } else {
      for (const each of together) each.samples.push(groups?.sample ?? '');
    }
  }
  return found;
}
