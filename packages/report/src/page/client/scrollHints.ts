/** Marks what is wider than its place: CSS fades the side with more to see, and says that it scrolls. */
export function startScrollHints(): void {
  const observer = new ResizeObserver((entries) => {
    for (const { target } of entries) markSides(target);
  });
  for (const element of document.querySelectorAll('.scroll, nav ul, pre')) {
    observer.observe(element);
    element.addEventListener('scroll', () => markSides(element), { passive: true });
  }
}

function markSides(element: Element): void {
  const { scrollWidth, clientWidth, scrollLeft, classList } = element;
  const hidden = scrollWidth - clientWidth;
  classList.toggle('wide', hidden > 1);
  classList.toggle('more-left', scrollLeft > 1);
  classList.toggle('more-right', scrollLeft < hidden - 1);
}
