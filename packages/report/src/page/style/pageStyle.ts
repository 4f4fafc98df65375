import { baseStyle } from './baseStyle.js';
import { dataStyle } from './dataStyle.js';
import { galleryStyle } from './galleryStyle.js';
import { printStyle } from './printStyle.js';

/** The page's whole style sheet. */
export const pageStyle = [baseStyle, dataStyle, galleryStyle, printStyle].join('\n');
