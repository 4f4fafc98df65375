import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, it } from 'vitest';
import { runProcess } from '../runProcess.js';
import { writeInto } from '../testing/buildWheel.js';
import { fakeRelease } from '../testing/fakeRelease.js';
import { pathWithOnly } from '../testing/pathWithOnly.js';
import { restoreEnvironment, setEnvironment } from '../testing/setEnvironment.js';
import { fetchWheel } from './fetchWheel.js';
import { findPip } from './findPip.js';

restoreEnvironment();
const { release, wheel, name } = fakeRelease();
const temporary = (): string => mkdtempSync(join(tmpdir(), 'fetch-'));
const progress = { line: () => undefined, bytes: () => undefined };

it("requests exactly the pinned wheel from pip, with temporary files in the target's file system", async () => {
  const links = temporary();
  writeInto(links, name, wheel);
  const log = join(temporary(), 'log');
  const script = `[ "$3" = --version ] && { echo "pip 24.2 from x (python 3.9)"; exit 0; }
echo "$TMPDIR $@" > ${log}
while [ "$1" != --dest ]; do shift; done
/bin/cp ${links}/${name} "$2/"`;
  setEnvironment({ PATH: pathWithOnly({ python3: script }), PIP_RETRIES: undefined });
  const work = temporary();
  const seen: number[] = [];
  const file = await fetchWheel(release.request, work, {
    line: () => undefined,
    bytes: (done) => seen.push(done),
  });
  expect(readFileSync(file).equals(wheel)).toBe(true);
  expect(readFileSync(log, 'utf8').trim()).toBe(
    `${work}/tiny-flow/temporary -m pip download --no-deps --only-binary=:all: --no-cache-dir --disable-pip-version-check --progress-bar off --retries 2 --implementation cp --python-version 311 --abi cp311 --platform manylinux_2_27_x86_64 --dest ${work}/tiny-flow/wheels tiny-flow==1.0`,
  );
  expect(seen.at(-1)).toBe(wheel.length);
});

it("reports pip's reason in one line", async () => {
  const script =
    '[ "$3" = --version ] && { echo "pip 24.2 from x (python 3.9)"; exit 0; }\necho "Looking in indexes"; echo "ERROR: No matching distribution found for tiny-flow==1.0" >&2; exit 1';
  setEnvironment({ PATH: pathWithOnly({ python3: script }) });
  await expect(fetchWheel(release.request, temporary(), progress)).rejects.toThrow(
    'pip 24.2 could not download tiny-flow==1.0: No matching distribution found for tiny-flow==1.0',
  );
});

const pip = await findPip().catch(() => undefined);

it.skipIf(pip === undefined)(
  'works with the pip of this machine and a folder of wheels (skipped without pip)',
  async () => {
    const links = temporary();
    writeInto(links, name, wheel);
    setEnvironment({ PIP_FIND_LINKS: links, PIP_NO_INDEX: '1' });
    const file = await fetchWheel(release.request, temporary(), progress);
    expect(basename(file)).toBe(name);
    expect(readFileSync(file).equals(wheel)).toBe(true);
  },
);

it.skipIf(pip === undefined)(
  "reports that pip's index cannot be reached (skipped without pip)",
  async () => {
    setEnvironment({
      PIP_INDEX_URL: 'http://127.0.0.1:9/simple',
      PIP_FIND_LINKS: undefined,
      PIP_NO_INDEX: undefined,
      PIP_RETRIES: '1',
      NO_PROXY: '*',
      no_proxy: '*',
    });
    await expect(fetchWheel(release.request, temporary(), progress)).rejects.toThrow(
      /^pip \S+ could not download tiny-flow==1\.0: the package index cannot be reached \(Connection refused\)$/,
    );
  },
);

it('returns -1 for a missing program', async () => {
  expect(await runProcess('no-such-program', [])).toMatchObject({
    code: -1,
    stderr: expect.stringContaining('ENOENT'),
  });
});
