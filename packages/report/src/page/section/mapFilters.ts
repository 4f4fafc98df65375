import { html } from '../html/html.js';

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
      <feFuncR
        type="table"
        tableValues="0.267 0.283 0.254 0.207 0.164 0.128 0.135 0.267 0.478 0.741 0.993"
      />
      <feFuncG
        type="table"
        tableValues="0.005 0.141 0.265 0.372 0.471 0.567 0.659 0.749 0.821 0.873 0.906"
      />
      <feFuncB
        type="table"
        tableValues="0.329 0.458 0.530 0.553 0.558 0.551 0.518 0.441 0.318 0.150 0.144"
      />
      <feFuncA type="table" tableValues="0 0.04 0.12 0.25 0.42 0.58 0.72 0.82 0.9 0.96 1" />
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
