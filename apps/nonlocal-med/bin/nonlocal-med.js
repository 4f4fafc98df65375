#!/usr/bin/env node
// Messages name the command as the user typed it; processes that this one starts inherit it.
process.env.NONLOCAL_MED_COMMAND ??=
  process.env.npm_command === 'exec' ? 'npx nonlocal-med' : 'nonlocal-med';
await import('../dist/main.js');
