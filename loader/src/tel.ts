/**
 * Turns clicks on `tel:` links into calls.
 *
 * One listener, in the capture phase, so that a page that stops the propagation of clicks (a link in a
 * clickable table row) does not send the number to the operating system. The page keeps the last word:
 * when one of its own handlers calls `preventDefault()`, it has taken the click and nothing is called.
 */

/**
 * What a `tel:` address asks to dial (RFC 3966): the number as it is written, and its extension
 * (`+1-201-555-0123;ext=12`). Of the other parameters none can be dialled. Nothing is ever added.
 */
export const numberFromTel = (href: string): string => {
  const number = href.replace(/^tel:(\/\/)?|;(?!ext=)[^;]*/gi, '');
  try {
    return decodeURIComponent(number).trim();
  } catch {
    return number;
  }
};

/** Calls `dial` for every plain click on a `tel:` link; returns how to stop that. */
export const interceptTelLinks = (dial: (number: string) => unknown): (() => void) => {
  const listen = (event: MouseEvent): void => {
    if (event.defaultPrevented || event.button) return;
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const link = (event.composedPath() as Partial<Element>[]).find((target) =>
      target.matches?.('[href^="tel:" i]'),
    );
    const number = link && numberFromTel(link.getAttribute!('href')!);
    if (!number) return;

    event.preventDefault();
    let taken = false;
    event.preventDefault = () => {
      taken = true;
    };
    setTimeout(() => taken || dial(number));
  };
  document.addEventListener('click', listen, true);
  return () => document.removeEventListener('click', listen, true);
};
