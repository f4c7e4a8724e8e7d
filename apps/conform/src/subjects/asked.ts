/** Which activations each subject is asked about. */
import type { SubjectName } from './names.ts';

/** By subject, in the order of the activations. */
export type Asked = ReadonlyMap<SubjectName, readonly string[]>;

const browserPrefix = 'browser:';

/** The same backend on the other host, where that was chosen too: `webgpu` of `browser:webgpu`, and the other way round. */
export function twinOf({ subject, group }: SubjectName, chosen: readonly SubjectName[]): SubjectName | undefined {
  if (group.builtins) return undefined;
  const name = subject.startsWith(browserPrefix) ? subject.slice(browserPrefix.length) : browserPrefix + subject;
  return chosen.find((each) => each.subject === name);
}

/** All of the activations for each backend, and its own one for each function of a framework. */
export function askedOf(chosen: readonly SubjectName[], activations: readonly string[]): Asked {
  const asked = chosen.map((each): [SubjectName, readonly string[]] => [
    each,
    each.activation === null ? activations : activations.filter((name) => name === each.activation),
  ]);
  return new Map(asked.filter(([, own]) => own.length > 0));
}

/**
 * The same, but that a backend which runs in Node and in a browser is asked about each activation in one of them, by
 * turns: its code is the same, and in software its GPU too. Each third is the browser's, which takes twice as long.
 * Frameworks' own functions are not asked.
 */
export function askedByTurns(subjects: readonly SubjectName[], activations: readonly string[]): Asked {
  const chosen = subjects.filter(({ group }) => group.builtins === null);
  const shared = chosen.filter(({ group }) => group.host === 'node').filter((each) => twinOf(each, chosen));
  return new Map(
    [...askedOf(chosen, activations)].map(([each, own]) => {
      const twin = twinOf(each, chosen);
      if (!twin) return [each, own];
      const isBrowser = each.group.host === 'browser';
      const place = shared.indexOf(isBrowser ? twin : each);
      return [each, own.filter((_, k) => ((k + place) % 3 === 0) === isBrowser)];
    }),
  );
}
