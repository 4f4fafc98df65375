import { expect, it } from 'vitest';
import { explainPipFailure } from './downloadWithPip.js';

// Output of pip 23.2 and 24.2.
it.each([
  [
    "WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError('<pip._vendor.urllib3.connection.HTTPSConnection object at 0x7f>: Failed to establish a new connection: [Errno -3] Temporary failure in name resolution')': /simple/x/\nERROR: Could not find a version that satisfies the requirement x==1 (from versions: none)\nERROR: No matching distribution found for x==1",
    'the package index cannot be reached (Temporary failure in name resolution)',
  ],
  [
    'Looking in indexes: https://user:secret@index.example/simple\nERROR: No matching distribution found for x==1',
    'No matching distribution found for x==1',
  ],
  [
    'ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device\n',
    'Could not install packages due to an OSError: [Errno 28] No space left on device',
  ],
  [
    'ERROR: HTTP error 401 while getting https://user:secret@index.example/x.whl',
    'HTTP error 401 while getting https://index.example/x.whl',
  ],
  ['', 'no output'],
])('finds the reason in %j', (output, line) => {
  expect(explainPipFailure(output)).toBe(line);
});
