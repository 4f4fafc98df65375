import { InputError } from '@nonlocal-med/core';

const START_BYTES = 1024;
/** The names of a ZIP archive's files are in its last bytes; TorchScript has one file per module, so more of them. */
const DIRECTORY_BYTES = 2 ** 18;

/**
 * Refuses files that are handed on as weights and are something else, by what they are.
 *
 * @param name how the error refers to the file
 * @throws InputError for a pointer of Git LFS, a web page, or TorchScript
 */
export function refuseOtherFiles(bytes: Uint8Array, name: string): void {
  const start = Buffer.from(bytes.subarray(0, START_BYTES)).toString('latin1');
  if (start.startsWith('version https://git-lfs.github.com/'))
    throw new InputError({
      path: name,
      message: 'is a pointer of Git LFS, not the file itself',
      hint: 'git lfs pull in its repository, or download the file from its page',
    });
  if (/^\s*<(?:!doctype|html)/i.test(start))
    throw new InputError({
      path: name,
      message: 'is a web page, not a weight file',
      hint: 'download the file itself',
    });
  if (start.startsWith('PK') && isTorchScript(bytes))
    throw new InputError({
      path: name,
      message: 'is a TorchScript program (torch.jit.save), not a state_dict',
      hint: "in Python: torch.save(torch.jit.load('FILE', map_location='cpu').state_dict(), 'weights.pth')",
    });
}

/** TorchScript keeps its source in NAME/code/, which torch.save never writes. */
function isTorchScript(bytes: Uint8Array): boolean {
  const directory = Buffer.from(bytes.subarray(-DIRECTORY_BYTES)).toString('latin1');
  return directory
    .split('PK\x01\x02')
    .some((entry) => /^[^/]{1,255}\/(?:code\/|constants\.pkl)/.test(entry.slice(42)));
}
