import { Window } from 'happy-dom';

/** The globals that a script on a page sees. */
const NAMES = ['document', 'Element', 'HTMLElement', 'CSSStyleSheet'] as const;

/** Makes this process look like a page. Messages to it are dispatched on the returned window. */
export const openPage = (): Window => {
  const page = new Window({
    url: 'https://crm.example.com/contacts',
    settings: { navigation: { disableChildFrameNavigation: true } },
  });
  for (const name of NAMES) Object.assign(globalThis, { [name]: page[name] });
  Object.assign(globalThis, {
    addEventListener: page.addEventListener.bind(page),
    removeEventListener: page.removeEventListener.bind(page),
  });
  return page;
};
