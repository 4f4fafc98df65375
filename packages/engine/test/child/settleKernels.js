// Offers its own name as the kernel for fifty keys and says what counts: node settleKernels.js NAME ENGINE_JSON
import { openKernelTable } from '../../dist/index.js';

const [name, engine] = [process.argv[2], JSON.parse(process.argv[3])];
const table = openKernelTable(engine, '1.0.0');
process.send(Array.from({ length: 50 }, (_, i) => table.settle(`key ${i}`, `${name} ${i}`)));
