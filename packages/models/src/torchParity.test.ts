import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

/** A Python with torch, torchvision and safetensors. */
const python = process.env.NONLOCAL_MED_PYTHON;

// All models: node benchmarks/parity.mjs --python PYTHON
it.skipIf(python === undefined)(
  "loads torchvision's .pth files, and torchvision loads our safetensors (needs NONLOCAL_MED_PYTHON, a Python with torchvision)",
  () => {
    const script = fileURLToPath(new URL('../../../benchmarks/parity.mjs', import.meta.url));
    const output = execFileSync(
      process.execPath,
      [script, '--python', python!, '--only', 'torchvision shufflenet_v2_x0_5'],
      { encoding: 'utf8' },
    );
    expect(output).toMatch(/torchvision shufflenet_v2_x0_5 \(zip, older form\)/);
    expect(output).toMatch(/there: 2 files, logits \d\.\de-[5-9]/);
    expect(output).toMatch(/back: 1 files load strictly, 1 with every tensor bit for bit/);
  },
  600_000,
);
