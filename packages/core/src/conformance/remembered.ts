/** Values that are made once, when they are first asked for. */

export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** One value for each argument, by what it says as JSON. */
export function remembered<A, T>(make: (argument: A) => T): (argument: A) => T {
  const known = new Map<string, T>();
  return (argument) => {
    const key = JSON.stringify(argument);
    let value = known.get(key);
    if (value === undefined) {
      value = make(argument);
      known.set(key, value);
    }
    return value;
  };
}
