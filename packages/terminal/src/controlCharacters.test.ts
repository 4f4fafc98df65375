import { describe, expect, it } from 'vitest';
import { showControls } from './controlCharacters.js';
import { CLEAR_LINE } from './output.js';

describe('showControls', () => {
  it.each([
    ['\u001b]0;owned\u0007\u001b[31mred.png', '\\x1b]0;owned\\x07\\x1b[31mred.png'],
    ['first\rlast', 'first\\x0dlast'],
    ['\u009b2Jclear\u007f', '\\x9b2Jclear\\x7f'],
    ['gpj.\u202exe', 'gpj.\\u202exe'],
    ['a\u001b[K and b', 'a\\x1b[K and b'],
  ])('makes the control characters of %j visible', (text, visible) => {
    expect(showControls(text)).toBe(visible);
  });

  it('keeps tabs, lines, letters of all languages and our own progress bars', () => {
    const text = 'Größe\t1 – 2\n患者\n';
    expect(showControls(text)).toBe(text);
    expect(showControls(`${CLEAR_LINE}warning: a\u0007`)).toBe(`${CLEAR_LINE}warning: a\\x07`);
    expect(showControls('\r[##  ] 1/2\u001b[K')).toBe('\r[##  ] 1/2\u001b[K');
  });
});
