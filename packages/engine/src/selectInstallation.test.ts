import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { sha256 } from '@nonlocal-med/core/node';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Device } from './engineInfo.js';
import { installationFolder } from './installation.js';
import { nvidiaDriver } from './nvidiaDriver.js';
import { selectInstallation } from './selectInstallation.js';
import { writeInto } from './testing/buildWheel.js';
import { restoreEnvironment, setEnvironment } from './testing/setEnvironment.js';

restoreEnvironment();
const real = nvidiaDriver();

/** An installation that looks intact but cannot be loaded. */
function install(device: Device): string {
  const folder = installationFolder(device);
  const file = { path: 'tfjs_binding.node', size: 3, sha256: sha256('abc') };
  writeInto(folder, file.path, 'abc');
  writeInto(
    folder,
    'engine.json',
    JSON.stringify({ tensorflow: '2.21.0', device, binding: 'none', installed: '', files: [file] }),
  );
  return folder;
}

/** Installs the library of a driver where it is found. */
function plugInDriver(): void {
  const folder = mkdtempSync(join(tmpdir(), 'driver-'));
  writeFileSync(join(folder, 'libcuda.so.535.104.05'), '');
  symlinkSync('libcuda.so.535.104.05', join(folder, 'libcuda.so.1'));
  setEnvironment({ LD_LIBRARY_PATH: folder, CUDA_VISIBLE_DEVICES: undefined });
}

beforeEach(() => setEnvironment({ NONLOCAL_MED_CACHE: mkdtempSync(join(tmpdir(), 'select-')) }));

describe.runIf(real === undefined && process.platform === 'linux' && process.arch === 'x64')(
  'selectInstallation (on Linux x64 without an NVIDIA driver)',
  () => {
    it('refuses a binding that was changed without a change of its size', async () => {
      const folder = install('cpu');
      writeFileSync(join(folder, 'tfjs_binding.node'), 'xyz');
      await expect(selectInstallation('auto')).rejects.toThrow(
        'tfjs_binding.node has changed since it was installed; run "pnpm -w engine install"',
      );
    });

    it('refuses an installation that other users can change', async () => {
      const folder = install('cpu');
      chmodSync(folder, 0o777);
      await expect(selectInstallation('auto')).rejects.toThrow(
        `${folder} can be changed by other users (mode 777)`,
      );
      chmodSync(folder, 0o755);
      chmodSync(join(folder, 'tfjs_binding.node'), 0o646);
      await expect(selectInstallation('auto')).rejects.toThrow(
        'tfjs_binding.node can be changed by other users (mode 646)',
      );
      chmodSync(join(folder, 'tfjs_binding.node'), 0o644);
      expect(await selectInstallation('auto')).toMatchObject({ folder });
    });

    it.runIf(process.getuid?.() === 0)('refuses an installation of another user', async () => {
      const folder = install('cpu');
      chownSync(join(folder, 'tfjs_binding.node'), 65_534, 0);
      await expect(selectInstallation('auto')).rejects.toThrow(
        'tfjs_binding.node belongs to another user (id 65534)',
      );
    });

    it('chooses the CPU without a driver, or CUDA with its GPU hidden', async () => {
      await expect(selectInstallation('auto')).rejects.toThrow(
        'TensorFlow for the CPU is not installed; run "pnpm -w engine install"',
      );
      const cuda = install('cuda');
      for (const device of ['auto', 'cpu'] as const)
        expect(await selectInstallation(device)).toMatchObject({
          folder: cuda,
          device: 'cpu',
          hideGpu: true,
        });
      const cpu = install('cpu');
      expect(await selectInstallation('auto')).toEqual({
        folder: cpu,
        device: 'cpu',
        reason: 'native TensorFlow is installed',
      });
      await expect(selectInstallation('cuda')).rejects.toThrow(
        'a GPU was requested, but this machine has no NVIDIA driver',
      );
    });

    it('chooses the CPU if CUDA is not installed, and suggests the command that installs it', async () => {
      plugInDriver();
      expect(nvidiaDriver()).toBe('535.104.05');
      const folder = install('cpu');
      const missing =
        'TensorFlow for CUDA is not installed; run "pnpm -w engine install --device cuda"';
      expect(await selectInstallation('auto')).toEqual({
        folder,
        device: 'cpu',
        reason: `an NVIDIA driver is present, but ${missing}`,
      });
      await expect(selectInstallation('cuda')).rejects.toThrow(missing);
    });

    it('chooses the CPU if CUDA does not start, and remembers the reason for that driver', async () => {
      plugInDriver();
      const cpu = install('cpu');
      const cuda = install('cuda');
      const selection = await selectInstallation('auto');
      expect(selection).toMatchObject({ folder: cpu, device: 'cpu' });
      expect(selection.reason).toMatch(
        /^the GPU is not used: TensorFlow does not work on this machine: /,
      );
      expect(JSON.parse(readFileSync(join(cuda, 'gpu.json'), 'utf8'))).toMatchObject({
        machine: `driver 535.104.05, ${hostname()}, devices all`,
        usesGpu: false,
        loads: false,
      });
      await expect(selectInstallation('cuda')).rejects.toThrow(
        'a GPU was requested but is not used: TensorFlow does not work on this machine',
      );
    });

    it('chooses CUDA that used the GPU with this driver, and tests it again with other visible devices', async () => {
      plugInDriver();
      const cuda = install('cuda');
      install('cpu');
      writeFileSync(
        join(cuda, 'gpu.json'),
        JSON.stringify({
          machine: `driver 535.104.05, ${hostname()}, devices all`,
          usesGpu: true,
          loads: true,
        }),
      );
      expect(await selectInstallation('auto')).toMatchObject({ folder: cuda, device: 'cuda' });
      setEnvironment({ CUDA_VISIBLE_DEVICES: '1' });
      expect(await selectInstallation('auto')).toMatchObject({ device: 'cpu' });
    });

    it('reports a damaged installation with the command that repairs it', async () => {
      const folder = install('cpu');
      unlinkSync(join(folder, 'tfjs_binding.node'));
      await expect(selectInstallation('cpu')).rejects.toThrow(
        `${join(folder, 'tfjs_binding.node')} is missing; run "pnpm -w engine install"`,
      );
      mkdirSync(join(folder, 'tfjs_binding.node'));
      await expect(selectInstallation('cpu')).rejects.toThrow('bytes instead of 3');
    });
  },
);
