// Runs before the package is packed: compiles the binding for this platform, so that those who install the package need
// no compiler. Without a compiler or an installation to take headers from, packs without.
import { prebuildBinding } from '../dist/install/prebuildBinding.js';

process.stderr.write(`${await prebuildBinding()}\n`);
