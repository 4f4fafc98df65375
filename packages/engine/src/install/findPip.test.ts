import { UnavailableError } from '@nonlocal-med/core';
import { expect, it } from 'vitest';
import { pathWithOnly } from '../testing/pathWithOnly.js';
import { findPip } from './findPip.js';

const pip = (version: string): string => `echo "pip ${version} from somewhere (python 3.9)"`;

it('returns the first pip that runs', async () => {
  const PATH = pathWithOnly({
    python3: 'echo "No module named pip" >&2; exit 1',
    python: pip('24.2'),
    pip: pip('20.0'),
  });
  expect(await findPip({ PATH })).toEqual({
    command: 'python',
    args: ['-m', 'pip'],
    version: '24.2',
  });
});

it('skips an unusable pip, and throws if there is no other', async () => {
  const both = pathWithOnly({ python3: pip('18.1'), pip3: pip('19.2.3') });
  expect(await findPip({ PATH: both })).toMatchObject({ command: 'pip3', version: '19.2.3' });
  const error = findPip({ PATH: pathWithOnly({ python3: pip('9.0.3') }) });
  await expect(error).rejects.toThrow(UnavailableError);
  await expect(error).rejects.toThrow(
    'pip 9.0.3 cannot download wheels for another Python (20.3.2 and newer can)',
  );
});

it.each([
  ['18.1', false],
  ['19.2.3', true],
  ['20.0.2', true],
  ['20.1', false],
  ['20.3', false],
  ['20.3.1', false],
  ['20.3.2', true],
  ['26.3', true],
])('decides as tested by hand whether pip %s is usable: %s', async (version, usable) => {
  const found = findPip({ PATH: pathWithOnly({ pip: pip(version) }) });
  if (usable) expect(await found).toMatchObject({ version });
  else await expect(found).rejects.toThrow(UnavailableError);
});

it('returns undefined if there is no pip', async () => {
  expect(await findPip({ PATH: pathWithOnly() })).toBeUndefined();
});
