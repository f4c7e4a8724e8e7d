/**
 * What `@sparticuz/chromium` carries, unpacked: a headless Chromium, the SwiftShader software GPU, and the Vulkan
 * loader. Its own unpacker writes to one fixed path of the shared temporary folder and is not used.
 */
import { createReadStream, createWriteStream, readFileSync } from 'node:fs';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { createBrotliDecompress } from 'node:zlib';
import { extract } from 'tar-fs';
import { cachedFolder } from './cache.ts';

// The entry is build/esm/index.js; the exports map hides package.json.
const packageRoot = new URL('../../', import.meta.resolve('@sparticuz/chromium'));

function packageVersion(): string {
  const manifest: { version: string } = JSON.parse(readFileSync(new URL('package.json', packageRoot), 'utf8'));
  return manifest.version;
}

/** The npm package carries binaries for one platform only. */
export const chromiumPackageRunsHere: boolean = process.platform === 'linux' && process.arch === 'x64';

function open(archive: string) {
  return createReadStream(fileURLToPath(new URL(`bin/${archive}`, packageRoot)));
}

async function unpack(archive: string, folder: string, wanted: (file: string) => boolean = () => true): Promise<void> {
  const ignore = (file: string) => !wanted(file);
  // chown: as root, tar-fs would hand the files to whichever user has the archive's user id here.
  const options = { ignore, chown: false, dmode: 0o755, fmode: 0o644 };
  await pipeline(open(archive), createBrotliDecompress(), extract(folder, options));
}

const vulkanFiles = /(?:libvulkan\.so\.1|libvk_swiftshader\.so|vk_swiftshader_icd\.json)$/;

/** Folder with the Vulkan loader, SwiftShader and its manifest, and nothing that could shadow other system libraries. */
export function vulkanFolder(): Promise<string> {
  return cachedFolder(`swiftshader-${packageVersion()}`, (folder) =>
    unpack('swiftshader.tar.br', folder, (file) => vulkanFiles.test(file)),
  );
}

/** The package's own names folders of the cloud service it was made for; without a font there is no text at all. */
const fontConfiguration = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir prefix="relative">fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
`;

/** Folder with `chromium`, its graphics libraries and fonts, and in `lib/` system libraries that a bare machine lacks. */
export function chromiumFolder(): Promise<string> {
  return cachedFolder(`chromium-${packageVersion()}-fonts`, async (folder) => {
    const executable = join(folder, 'chromium');
    await Promise.all([
      pipeline(open('chromium.br'), createBrotliDecompress(), createWriteStream(executable)),
      unpack('swiftshader.tar.br', folder),
      unpack('fonts.tar.br', folder),
      unpack('al2023.tar.br', folder),
    ]);
    await chmod(executable, 0o755);
    await writeFile(join(folder, 'fonts.conf'), fontConfiguration);
  });
}
