/** The browsers that may be on this machine: installed ones first, then Chromium from npm. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromiumFolder, chromiumPackageRunsHere } from '../chromiumPackage.ts';

export interface Executable {
  readonly name: string;
  readonly path: string;
  /** Variables for its process. */
  readonly variables: Readonly<Record<string, string>>;
}

const commands = ['google-chrome-stable', 'google-chrome', 'chromium', 'chromium-browser', 'microsoft-edge'];

const fixedPlaces: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  ],
  win32: [process.env.PROGRAMFILES, process.env['PROGRAMFILES(X86)'], process.env.LOCALAPPDATA].flatMap((root) =>
    root
      ? [join(root, 'Google/Chrome/Application/chrome.exe'), join(root, 'Microsoft/Edge/Application/msedge.exe')]
      : [],
  ),
};

/** `ISOACT_BROWSER`, a path, leaves no other choice; `ISOACT_BROWSER=npm` passes over the installed ones. */
export async function browserExecutables(): Promise<readonly Executable[]> {
  const wanted = process.env.ISOACT_BROWSER;
  if (wanted && wanted !== 'npm') return [{ name: wanted, path: wanted, variables: {} }];
  const installed = wanted === 'npm' ? [] : installedBrowsers();
  return chromiumPackageRunsHere ? [...installed, await npmChromium()] : installed;
}

/** Whether this machine has a browser to try. Browser tests skip themselves where it has none. */
export async function hasBrowser(): Promise<boolean> {
  return (await browserExecutables()).length > 0;
}

function installedBrowsers(): Executable[] {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const places = commands.flatMap((command) => folders.map((folder) => join(folder, command)));
  return [...places, ...(fixedPlaces[process.platform] ?? [])]
    .filter(isExecutable)
    .map((path) => ({ name: path, path, variables: {} }));
}

async function npmChromium(): Promise<Executable> {
  const folder = await chromiumFolder();
  return {
    name: 'Chromium from npm',
    path: join(folder, 'chromium'),
    // Its own NSS libraries, which a machine without a desktop lacks, and its own fonts.
    variables: { LD_LIBRARY_PATH: `${join(folder, 'lib')}:${folder}`, FONTCONFIG_PATH: folder },
  };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
