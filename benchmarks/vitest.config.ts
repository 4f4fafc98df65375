import shared from '@nonlocal-med/vitest-config';
import { mergeConfig } from 'vitest/config';

/** Each test starts a dozen processes, one after the other. */
export default mergeConfig(shared, { test: { testTimeout: 600_000 } });
