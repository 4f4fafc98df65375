import { resolve } from 'node:path';

/** The command that starts this program again, from any folder. */
export const thisProgram = (): string[] => [process.execPath, resolve(process.argv[1])];
