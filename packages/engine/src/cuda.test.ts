import { existsSync, mkdtempSync, readlinkSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from './cli.js';
import { nvidiaDriver } from './nvidiaDriver.js';
import { probeInstallation } from './probeInstallation.js';
import { runProcess } from './runProcess.js';
import { findInstallation } from './selectInstallation.js';
import { writeInto } from './testing/buildWheel.js';

/** Downloads 3 GB and needs 6 GB of disk space temporarily. */
describe.runIf(process.env.NONLOCAL_MED_TEST_CUDA === '1')(
  'TensorFlow with CUDA (only with NONLOCAL_MED_TEST_CUDA=1)',
  () => {
    let cache = '';
    const before = { ...process.env };
    const run = async (
      ...args: string[]
    ): Promise<{ code: number; stdout: string; stderr: string }> => {
      const output = { stdout: '', stderr: '' };
      const code = await runCli(args, {
        stdout: { write: (text) => (output.stdout += text) },
        stderr: { write: (text) => (output.stderr += text) },
      });
      return { code, ...output };
    };
    let folder = '';

    beforeAll(async () => {
      process.env.NONLOCAL_MED_CACHE = cache = mkdtempSync(join(tmpdir(), 'cuda-'));
      expect(await run('install', '--device', 'cuda', '--no-gpu-check')).toMatchObject({ code: 0 });
      const installation = findInstallation('cuda');
      expect(installation).toBeTypeOf('object');
      folder = (installation as Exclude<typeof installation, string>).folder;
    }, 1_800_000);
    afterAll(() => {
      process.env = before;
      rmSync(cache, { recursive: true, force: true });
    });

    it("has NVIDIA's libraries where TensorFlow looks for them, including cusolver", () => {
      for (const [name, library] of [
        ['cuda_runtime', 'libcudart.so.12'],
        ['cublas', 'libcublasLt.so.12'],
        ['cufft', 'libcufft.so.11'],
        ['cusparse', 'libcusparse.so.12'],
        ['cudnn', 'libcudnn.so.9'],
      ]) {
        expect(existsSync(join(folder, 'nvidia', name, 'lib', library))).toBe(true);
      }
      const link = join(folder, 'nvidia/cusparse/lib/libcusolver.so.11');
      expect(readlinkSync(link)).toBe('../../cusolver/lib/libcusolver.so.11');
      expect(existsSync(realpathSync(link))).toBe(true);
    });

    it('resolves every library that those need, except the driver', async () => {
      for (const library of [
        'cusparse/lib/libcusolver.so.11',
        'cudnn/lib/libcudnn.so.9',
        'cufft/lib/libcufft.so.11',
        'cublas/lib/libcublas.so.12',
      ]) {
        const { stdout } = await runProcess('ldd', [join(folder, 'nvidia', library)]);
        expect(
          stdout
            .split('\n')
            .filter((line) => line.includes('not found') && !line.includes('libcuda.so')),
        ).toEqual([]);
      }
    });

    it('loads and computes, on the CPU if there is no GPU', async () => {
      expect(await probeInstallation(folder)).toMatchObject({
        tensorflow: '2.21.0',
        usesGpu: nvidiaDriver() !== undefined,
      });
    });

    describe.runIf(nvidiaDriver() === undefined)('without a driver', () => {
      it('rejects a requested GPU, before and after it is installed', async () => {
        expect(await run('where', '--device', 'cuda')).toMatchObject({
          code: 2,
          stderr:
            'nonlocal-med-engine: a GPU was requested, but this machine has no NVIDIA driver\n',
        });
        expect((await run('install', '--device', 'cuda')).stderr).toContain(
          'no NVIDIA driver on this machine',
        );
      });

      it('reports why a driver without a GPU is not used, and falls back to the CPU if allowed', async () => {
        const driver = mkdtempSync(join(tmpdir(), 'driver-'));
        const source = writeInto(
          driver,
          'driver.c',
          'int cuInit(unsigned flags) { return 100; } int cuDriverGetVersion(int *v) { *v = 12080; return 0; }',
        );
        expect(
          (
            await runProcess('gcc', [
              '-shared',
              '-fPIC',
              '-Wl,-soname,libcuda.so.1',
              source,
              '-o',
              join(driver, 'libcuda.so.1'),
            ])
          ).code,
        ).toBe(0);
        process.env.LD_LIBRARY_PATH = driver;
        expect(await run('where', '--device', 'cuda')).toMatchObject({
          code: 2,
          stderr:
            'nonlocal-med-engine: a GPU was requested but is not used: the driver sees no GPU (CUDA_VISIBLE_DEVICES, or a container without one)\n',
        });
        expect(await run('where')).toMatchObject({ code: 0, stdout: `${folder}\n` });
        const { code, stdout } = await run('doctor');
        expect(code).toBe(1);
        expect(stdout).toContain('next: make the GPU usable');
        delete process.env.LD_LIBRARY_PATH;
      });
    });
  },
);
