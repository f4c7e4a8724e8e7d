/** The kit's folder, whole or not at all. */
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { bundle } from './bundle.ts';
import { copyFixedFiles, copyNode, copyPackages, copyPeers, copyTfjsWasm, copyVulkan } from './native-files.ts';

export interface KitOptions {
  /** Whether SwiftShader comes along, so that the kit can be tried on a machine without a GPU. */
  readonly software: boolean;
}

/** Makes the folder anew. @throws Error on anything but Linux x64. */
export async function makeKit(folder: string, { software }: KitOptions): Promise<void> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(
      `The kit must be built on linux x64, whose Node it takes along (was ${process.platform} ${process.arch}).`,
    );
  }
  await made(folder, async (unfinished) => {
    await copyFixedFiles(unfinished);
    await copyPeers(join(unfinished, 'peers'));
    await copyNode(join(unfinished, 'node'));
    await copyPackages(unfinished);
    await copyVulkan(join(unfinished, 'vulkan'), software);
    await bundle(join(unfinished, 'app'));
    await copyTfjsWasm([join(unfinished, 'app'), join(unfinished, 'app/tests')]);
  });
}

/** What changes from day to day: a few megabytes that are unpacked over an earlier kit. */
export const makeApp = (folder: string): Promise<void> =>
  made(folder, async (unfinished) => {
    await copyFixedFiles(unfinished);
    await copyPeers(join(unfinished, 'peers'));
    await bundle(join(unfinished, 'app'));
  });

async function made(folder: string, fill: (unfinished: string) => Promise<void>): Promise<void> {
  const unfinished = `${folder}.${process.pid}.part`;
  try {
    await mkdir(unfinished, { recursive: true });
    await fill(unfinished);
    await rm(folder, { recursive: true, force: true });
    await rename(unfinished, folder);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}
