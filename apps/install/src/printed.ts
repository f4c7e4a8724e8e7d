/** Whether a program printed the numbers that it should have. */

const number = /[-+]?(?:\d+\.?\d*(?:e[-+]?\d+)?|Infinity|NaN)/gi;

/** Throws, with what stood there instead, when the words or the numbers, one after another, do not appear. */
export function checkPrinted(text: string, expected: readonly number[] | RegExp): void {
  const found = expected instanceof RegExp ? expected.test(text) : printsNumbers(text, expected);
  const wanted = expected instanceof RegExp ? expected : expected.join(', ');
  if (!found) throw new Error(`The program must print ${wanted} (printed ${text.trim() || 'nothing'}).`);
}

/** To the digits of float32, or the seven that a framework prints. */
function printsNumbers(text: string, expected: readonly number[], relative = 2e-6): boolean {
  const printed = [...text.matchAll(number)].map(([each]) => Number(each));
  const near = (start: number) =>
    expected.every((value, index) => {
      const got = printed[start + index] ?? Number.NaN;
      return Math.abs(got - value) <= relative * Math.max(Math.abs(value), 1e-3);
    });
  return printed.some((_, start) => near(start));
}
