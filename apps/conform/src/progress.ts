/** One line that says how far a run is, on terminals alone. */
export interface ProgressLine {
  show(text: string): void;
  /** Leaves the line, for what stays on the screen. */
  print(text: string): void;
}

export function createProgressLine(stream: NodeJS.WriteStream): ProgressLine {
  let shown = false;
  const clear = (): void => {
    if (shown) stream.write('\r\u001b[2K');
    shown = false;
  };
  return {
    show: (text) => {
      if (!stream.isTTY) return;
      clear();
      stream.write(text.slice(0, Math.max((stream.columns ?? 80) - 1, 20)));
      shown = true;
    },
    print: (text) => {
      clear();
      stream.write(`${text}\n`);
    },
  };
}
