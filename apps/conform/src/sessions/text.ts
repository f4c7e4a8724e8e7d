/** Reports as text: JSON, but with NaN, infinities and -0. A page hands over text many times faster than objects. */

interface Special {
  readonly number: string;
}

const isSpecial = (value: number): boolean => !Number.isFinite(value) || Object.is(value, -0);

export const toText = (value: unknown): string =>
  JSON.stringify(value, (_, each: unknown) =>
    typeof each === 'number' && isSpecial(each)
      ? ({ number: Object.is(each, -0) ? '-0' : String(each) } satisfies Special)
      : each,
  );

export const fromText = (text: string): unknown =>
  JSON.parse(text, (_, each: unknown) => {
    if (typeof each !== 'object' || each === null || !('number' in each)) return each;
    return typeof each.number === 'string' && Object.keys(each).length === 1 ? Number(each.number) : each;
  });
