/** Files are written whole or not at all: beside their place first, then renamed. */
import { rename, rm, writeFile } from 'node:fs/promises';

export async function writeWhole(file: string, contents: string): Promise<void> {
  const unfinished = `${file}.${process.pid}.part`;
  try {
    await writeFile(unfinished, contents);
    await rename(unfinished, file);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}
