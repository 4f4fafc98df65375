import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UnavailableError } from '@nonlocal-med/core';
import { sha256 } from '@nonlocal-med/core/node';
import { beforeEach, describe, expect, it } from 'vitest';
import { readInstallation } from '../installation.js';
import { runProcess } from '../runProcess.js';
import { writeInto } from '../testing/buildWheel.js';
import { fakeRelease } from '../testing/fakeRelease.js';
import { pathWithOnly } from '../testing/pathWithOnly.js';
import { serve, type TestServer } from '../testing/serve.js';
import { restoreEnvironment, setEnvironment } from '../testing/setEnvironment.js';
import { installInto, type InstallPlan, type InstallTools } from './installInto.js';
import { findBindingSource } from './provideBinding.js';

restoreEnvironment();
const { release, wheel, name } = fakeRelease();

/** Everything except the compiler and the smoke test is real. */
const tools: Partial<InstallTools> = {
  findBindingSource: () => Promise.resolve({ prebuilt: 'none' }),
  provideBinding: async (target) => {
    await writeFile(join(target, 'tfjs_binding.node'), 'binding');
    return 'none';
  },
};

let links: string;
let folder: string;
let lines: string[];
const plan = (changes: Partial<InstallPlan> = {}): InstallPlan => ({
  release,
  device: 'cpu',
  folder,
  force: false,
  progress: { line: (text) => lines.push(text), bytes: () => undefined },
  probe: () => Promise.resolve(),
  ...changes,
  tools: { ...tools, ...changes.tools },
});
const refusal = async (changes: Partial<InstallPlan> = {}): Promise<string> => {
  const error = await installInto(plan(changes)).then(
    () => undefined,
    (caught: unknown) => caught,
  );
  expect(error).toBeInstanceOf(UnavailableError);
  expect((error as Error).message).not.toContain('\n');
  return (error as Error).message;
};
const leftovers = (): string[] =>
  readdirSync(join(folder, '..')).filter((entry) => entry.startsWith('.partial-'));

beforeEach(async () => {
  links = await mkdtemp(join(tmpdir(), 'links-'));
  folder = join(
    await mkdtemp(join(tmpdir(), 'cache-')),
    'deep/engine',
    `tensorflow-1.0-${process.platform}-${process.arch}-cpu-aaaa`,
  );
  lines = [];
  writeInto(links, name, wheel);
  setEnvironment({
    PATH: pathWithOnly(),
    PIP_FIND_LINKS: links,
    PIP_NO_INDEX: '1',
    PIP_INDEX_URL: undefined,
    PIP_EXTRA_INDEX_URL: undefined,
    NO_PROXY: '*',
  });
});

describe('an installation', () => {
  it('is complete: libraries, notices, headers, binding, and a manifest with hashes', async () => {
    const { manifest } = await installInto(plan());
    expect(readInstallation(folder)).toEqual({ folder, manifest });
    expect(
      manifest.files.map(({ path }) => path).filter((path) => !path.startsWith('include/')),
    ).toEqual([
      'tensorflow/libtensorflow_cc.so.2',
      'tensorflow/libtensorflow_framework.so.2',
      'tensorflow/THIRD_PARTY_NOTICES.txt',
      'tfjs_binding.node',
    ]);
    for (const { path, sha256: hash } of manifest.files)
      expect(sha256(readFileSync(join(folder, path)))).toBe(hash);
    expect(readdirSync(join(folder, '..'))).toEqual([folder.split('/').at(-1)]);
  });

  it('is not repeated', async () => {
    const first = await installInto(plan());
    rmSync(links, { recursive: true });
    lines = [];
    expect((await installInto(plan())).manifest).toEqual(first.manifest);
    expect(lines).toEqual([]);
  });

  it('is repeated if forced, and kept if that fails', async () => {
    const first = await installInto(plan());
    rmSync(links, { recursive: true });
    await refusal({ force: true });
    expect(readInstallation(folder)).toMatchObject({
      manifest: { installed: first.manifest.installed },
    });
  });

  it('removes what a crash left behind', async () => {
    mkdirSync(join(folder, '../.partial-dead/engine'), { recursive: true });
    await installInto(plan());
    expect(leftovers()).toEqual([]);
  });
});

describe('failures, in one line and with nothing left behind', () => {
  const expectNothing = (): void => {
    expect(existsSync(folder)).toBe(false);
    expect(leftovers()).toEqual([]);
  };

  it('rejects a wheel with another hash', async () => {
    const changed = Buffer.from(wheel);
    changed[changed.length - 40] ^= 1;
    writeInto(links, name, changed);
    expect(await refusal()).toBe(
      `${name} as downloaded has SHA-256 ${sha256(changed)}, expected ${release.sha256}; nothing was installed`,
    );
    expectNothing();
  });

  it('rejects a truncated wheel', async () => {
    truncateSync(join(links, name), wheel.length - 1000);
    expect(await refusal()).toBe(
      `${name} as downloaded has ${wheel.length - 1000} bytes instead of ${wheel.length}; nothing was installed`,
    );
    expectNothing();
  });

  it('rejects a library with another hash in a wheel with the pinned one', async () => {
    const pinned = {
      ...release,
      libraries: release.libraries.map((library) => ({ ...library, sha256: '11'.repeat(32) })),
    };
    expect(await refusal({ release: pinned })).toContain('expected 1111');
    expectNothing();
  });

  it('rejects TensorFlow that does not run here', async () => {
    expect(
      await refusal({
        probe: () =>
          Promise.reject(
            new UnavailableError('TensorFlow does not work on this machine: illegal instruction'),
          ),
      }),
    ).toBe('TensorFlow does not work on this machine: illegal instruction');
    expectNothing();
  });

  it('reports a missing compiler and prebuilt binding before anything is downloaded', async () => {
    setEnvironment({ CXX: undefined });
    expect(
      await refusal({ tools: { findBindingSource: () => findBindingSource(() => undefined) } }),
    ).toBe(
      `no C++ compiler (looked for $CXX, g++, clang++, c++) and no prebuilt binding for ${process.platform}-${process.arch}, so nothing was installed; install g++`,
    );
    expect(lines).toEqual([]);
    expectNothing();
  });

  it('reports that there is no pip and no index', async () => {
    setEnvironment({ PIP_FIND_LINKS: undefined });
    expect(await refusal()).toContain(
      'no pip (looked for python3 -m pip, python -m pip, pip3, pip) and no PIP_INDEX_URL',
    );
    expectNothing();
  });

  it('reports an unreachable index', async () => {
    setEnvironment({
      PIP_NO_INDEX: undefined,
      PIP_FIND_LINKS: undefined,
      PIP_INDEX_URL: 'http://127.0.0.1:9/simple',
    });
    expect(await refusal()).toMatch(
      /^tiny-flow==1\.0 could not be downloaded: http:\/\/127\.0\.0\.1:9 cannot be reached \(/,
    );
    expectNothing();
  });

  it('reports too little disk space before anything is downloaded', async () => {
    const message = await refusal({ tools: { measureSpace: () => Promise.resolve(1_500_000) } });
    expect(message).toMatch(
      /^not enough disk space in .*: 19\.3 MiB needed, 1\.43 MiB free; free some, or set NONLOCAL_MED_CACHE/,
    );
    expectNothing();
  });

  it('reports a disk that fills up meanwhile', async () => {
    const full = Object.assign(new Error('write'), { code: 'ENOSPC' });
    expect(await refusal({ tools: { provideBinding: () => Promise.reject(full) } })).toMatch(
      /^cannot install into .*: the disk is full; nothing was installed; set NONLOCAL_MED_CACHE/,
    );
    expectNothing();
  });

  it.runIf(process.platform === 'linux')('reports a folder that nobody can write to', async () => {
    folder = '/sys/nonlocal-med/engine/x';
    expect(await refusal()).toMatch(
      /^cannot install into \/sys\/nonlocal-med\/engine: (you do not have write permission|its file system is read-only); nothing was installed/,
    );
  });

  it.skipIf(process.getuid?.() === 0)(
    'reports an empty read-only cache (skipped for root, who may write anywhere)',
    async () => {
      mkdirSync(join(folder, '../..'), { recursive: true });
      chmodSync(join(folder, '../..'), 0o555);
      expect(await refusal()).toContain('you do not have write permission');
    },
  );

  it.runIf(process.platform === 'linux' && process.getuid?.() === 0)(
    'reports a read-only file system with an older installation (for root, who may mount one)',
    async ({ skip }) => {
      await installInto(plan());
      const cache = join(folder, '../..');
      const mounts = [
        ['--bind', cache, cache],
        ['-o', 'remount,ro,bind', cache],
      ];
      for (const mount of mounts)
        skip((await runProcess('/bin/mount', mount)).code !== 0, 'may not mount');
      try {
        expect(await refusal({ force: true })).toContain('its file system is read-only');
        folder = folder.replace(/aaaa$/, 'bbbb');
        expect(await refusal()).toContain('its file system is read-only');
        folder = join(cache, 'other/engine/x');
        expect(await refusal()).toMatch(/its file system is read-only/);
      } finally {
        await runProcess('/bin/umount', [cache]);
      }
    },
  );

  it('reports a cache below a file', async () => {
    const file = writeInto(links, 'file', '');
    folder = join(file, 'engine/x');
    expect(await refusal()).toContain('a part of its path is a file');
  });
});

describe('a damaged installation', () => {
  beforeEach(async () => {
    await installInto(plan());
    lines = [];
  });

  it.each([
    [
      'a truncated library',
      () => truncateSync(join(folder, 'tensorflow/libtensorflow_cc.so.2'), 10),
      'libtensorflow_cc.so.2 has 10 bytes instead of',
    ],
    [
      'a missing library',
      () => unlinkSync(join(folder, 'tensorflow/libtensorflow_framework.so.2')),
      'libtensorflow_framework.so.2 is missing',
    ],
    ['no manifest', () => unlinkSync(join(folder, 'engine.json')), 'has no engine.json'],
    [
      'half a manifest',
      () => truncateSync(join(folder, 'engine.json'), 100),
      'engine.json is damaged',
    ],
    [
      'an empty manifest',
      () => writeFileSync(join(folder, 'engine.json'), '{}'),
      'engine.json is damaged',
    ],
  ])('with %s is detected and repaired', async (_, damage, reason) => {
    damage();
    expect(readInstallation(folder)).toContain(reason);
    await installInto(plan());
    expect(lines[0]).toMatch(/^repairing: /);
    expect(lines[1]).toContain('downloading tiny-flow==1.0');
    expect(readInstallation(folder)).toMatchObject({ folder });
  });

  it('is repaired without a download if the libraries are intact', async () => {
    unlinkSync(join(folder, 'tfjs_binding.node'));
    rmSync(links, { recursive: true });
    await installInto(plan());
    expect(lines.join()).not.toContain('downloading');
    expect(readInstallation(folder)).toMatchObject({ folder });
  });

  it('shares its libraries with another binding only if their hashes match', async () => {
    const donor = folder;
    folder = donor.replace(/aaaa$/, 'bbbb');
    await installInto(plan());
    expect(lines.join()).not.toContain('downloading');
    writeFileSync(
      join(donor, 'tensorflow/libtensorflow_cc.so.2'),
      readFileSync(join(donor, 'tensorflow/libtensorflow_cc.so.2'), 'utf8').replace('x', 'y'),
    );
    rmSync(folder, { recursive: true });
    await installInto(plan());
    expect(lines.join()).toContain('downloading');
  });
});

describe('a prebuilt binding that does not run', () => {
  it('is replaced by a compiled one', async () => {
    const made: string[] = [];
    const { manifest } = await installInto(
      plan({
        probe: () =>
          made.at(-1) === 'prebuilt'
            ? Promise.reject(new UnavailableError('version GLIBC_9 not found'))
            : Promise.resolve(),
        tools: {
          findBindingSource: () =>
            Promise.resolve({ prebuilt: 'p', compiler: { command: 'c', version: 'g++ 12' } }),
          provideBinding: async (target, source) => {
            await writeFile(join(target, 'tfjs_binding.node'), 'binding');
            made.push(source.prebuilt === undefined ? 'g++ 12' : 'prebuilt');
            return made.at(-1)!;
          },
        },
      }),
    );
    expect(made).toEqual(['prebuilt', 'g++ 12']);
    expect(manifest.binding).toBe('g++ 12');
    expect(lines).toContain(
      'the prebuilt binding does not run here (version GLIBC_9 not found); compiling it',
    );
  });
});

describe('concurrent processes', () => {
  const script = fileURLToPath(new URL('../../test/installOnce.js', import.meta.url));
  const slowIndex = (): Promise<TestServer> =>
    serve((request, response) => {
      if (request.url === '/simple/tiny-flow/')
        return response
          .setHeader('content-type', 'text/html')
          .end(`<a href="/${name}">${name}</a>`);
      response.writeHead(200, { 'content-length': wheel.length });
      response.write(wheel.subarray(0, 1000));
      return setTimeout(() => response.end(wheel.subarray(1000)), 700);
    });
  const environment = (url: string): NodeJS.ProcessEnv => ({
    PATH: pathWithOnly(),
    HOME: links,
    PIP_INDEX_URL: `${url}/simple`,
  });

  it('install once: one does the work, the others wait', async () => {
    const { url, requests, close } = await slowIndex();
    const results = await Promise.all(
      [1, 2, 3].map(() =>
        runProcess(process.execPath, [script, folder, JSON.stringify(release)], {
          env: environment(url),
        }),
      ),
    );
    await close();
    expect(results.map(({ code, stderr }) => [code, stderr])).toEqual(Array(3).fill([0, '']));
    expect(results.filter(({ stdout }) => stdout.includes('downloading'))).toHaveLength(1);
    expect(requests.filter((request) => request.url === `/${name}`)).toHaveLength(1);
    expect(readInstallation(folder)).toMatchObject({ folder });
  });

  it.runIf(process.env.NONLOCAL_MED_SLOW === '1')(
    'recover from a killed process, whose lock is taken over',
    async () => {
      const { url, close } = await slowIndex();
      const child = spawn(process.execPath, [script, folder, JSON.stringify(release)], {
        env: environment(url),
      });
      await new Promise((resolve) => child.stdout.once('data', resolve));
      await new Promise((resolve) => setTimeout(resolve, 300));
      child.kill('SIGKILL');
      expect(existsSync(folder)).toBe(false);
      expect(leftovers()).toHaveLength(1);
      await installInto(plan());
      expect(lines[0]).toBe('waiting for another installation to finish');
      expect(leftovers()).toEqual([]);
      await close();
    },
  );
});

describe('a small disk', () => {
  const mounted =
    process.platform === 'linux' && process.getuid?.() === 0
      ? mkdtempSync(join(tmpdir(), 'disk-'))
      : undefined;

  it.runIf(mounted !== undefined)(
    'is reported as full, with nothing left on it (for root, who may mount one)',
    async ({ skip }) => {
      const mount = await runProcess('/bin/mount', [
        '-t',
        'tmpfs',
        '-o',
        'size=1m',
        'tmpfs',
        mounted!,
      ]);
      skip(mount.code !== 0, 'may not mount');
      try {
        folder = join(mounted!, 'engine/x');
        const big = fakeRelease({ library: 'z'.repeat(800_000) });
        writeInto(links, big.name, big.wheel);
        const message = await refusal({
          release: big.release,
          tools: { measureSpace: () => Promise.resolve(Infinity) },
        });
        expect(message).toContain('the disk is full');
        expect(readdirSync(join(mounted!, 'engine'))).toEqual([]);
        expect(await refusal({ release: big.release })).toMatch(
          /not enough disk space .*: [\d.]+ MiB needed, [\d.]+ (MiB|KiB) free/,
        );
      } finally {
        await runProcess('/bin/umount', [mounted!]);
      }
    },
  );
});
