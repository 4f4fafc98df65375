import { runCommand } from '@nonlocal-med/terminal';
import { runProgram } from './program.js';

await runCommand((context) => runProgram(process.argv, context));
