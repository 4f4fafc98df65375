import { createSelfTest, loadNetwork } from '@nonlocal-med/classifier';
import { filesIn } from '@nonlocal-med/classifier/node';
import { writeSelfTest } from '@nonlocal-med/runs';

/**
 * Loads an exported model from its folder and records there what it gives for known pixels, so that whoever applies it on
 * another machine can compare.
 */
export async function recordSelfTest(folder: string): Promise<void> {
  const network = await loadNetwork(filesIn(folder));
  try {
    await writeSelfTest(folder, await createSelfTest(network));
  } finally {
    network.dispose();
  }
}
