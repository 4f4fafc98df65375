import { parseCommandLine, runCommand } from '@nonlocal-med/terminal';
import { createProgram } from './program.js';

await runCommand((context) => parseCommandLine(createProgram(context), process.argv));
