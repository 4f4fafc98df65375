import { saliencyColors } from '@nonlocal-med/core';
import { html, type Markup } from '../html/html.js';

/**
 * SVG filters that color a grayscale map in the browser (viridis, transparent where the map is low) and draw the outline
 * of a mask. With them, a map costs only a small grayscale image.
 */
export const mapFilters = html`<svg
  class="filters"
  width="0"
  height="0"
  aria-hidden="true"
  focusable="false"
>
  <filter id="heat" color-interpolation-filters="sRGB" x="0" y="0" width="100%" height="100%">
    <feColorMatrix type="matrix" values="1 0 0 0 0  1 0 0 0 0  1 0 0 0 0  1 0 0 0 0" />
    <feComponentTransfer>
      <feFuncR type="table" tableValues="${saliencyColors.red.join(' ')}" />
      <feFuncG type="table" tableValues="${saliencyColors.green.join(' ')}" />
      <feFuncB type="table" tableValues="${saliencyColors.blue.join(' ')}" />
      <feFuncA type="table" tableValues="${saliencyColors.opacity.join(' ')}" />
    </feComponentTransfer>
  </filter>
  <filter id="outline" color-interpolation-filters="sRGB" x="0" y="0" width="100%" height="100%">
    <feColorMatrix
      type="matrix"
      values="0 0 0 0 0  0 0 0 0 0  0 0 0 0 0  1 0 0 0 0"
      result="gray"
    />
    <feComponentTransfer in="gray" result="lesion">
      <feFuncA type="discrete" tableValues="0 1" />
    </feComponentTransfer>
    <feMorphology in="lesion" operator="dilate" radius="1.6" result="grown" />
    <feComposite in="grown" in2="lesion" operator="out" result="edge" />
    <feMorphology in="grown" operator="dilate" radius="0.8" result="wide" />
    <feComposite in="wide" in2="grown" operator="out" result="rim" />
    <feFlood flood-color="#000" flood-opacity="0.7" />
    <feComposite in2="rim" operator="in" result="dark" />
    <feFlood flood-color="#fff" />
    <feComposite in2="edge" operator="in" result="light" />
    <feMerge>
      <feMergeNode in="dark" />
      <feMergeNode in="light" />
    </feMerge>
  </filter>
</svg>`;

/** The scale of the colors of all maps, from 0 to 1, the largest value of each map. */
export const colorScale: Markup = html`<span
  class="scale"
  role="img"
  aria-label="Colors of the maps from 0, transparent, to 1, the largest value of each map, yellow"
  >0<span class="ramp"></span>1</span
>`;
