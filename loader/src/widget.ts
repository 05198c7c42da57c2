/**
 * What the page shows: a launcher with a panel over the page, or a frame that fills a container.
 *
 * All of it stands in one shadow root with a constructed style sheet, so that neither the page's styles
 * nor a strict `style-src` reach it, and one removal leaves the page as it was.
 */
import type { RuntimeConfig } from './generated/config.js';
import type { Snapshot } from './generated/message.js';
import styles from './widget.css';

const ALLOW = 'microphone; autoplay; speaker-selection; clipboard-write; hid';

/** The phone's place on the page. */
export interface Widget {
  readonly frame: HTMLIFrameElement;
  setOpen(open: boolean): void;
  /** Brings the launcher's look and name up to date. */
  show(state: Snapshot): void;
  /** Makes it invisible while the frame goes on living. */
  hide(): void;
  remove(): void;
}

/** Puts the phone on the page; `toggle` is called when the launcher is pressed. */
export const createWidget = (
  { uiUrl, branding: { displayName, themeColor } }: RuntimeConfig,
  container: Element | null | undefined,
  toggle: () => void,
): Widget => {
  const host = document.createElement('ringlet-phone');
  const root = host.attachShadow({ mode: 'open' });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(styles);
  root.adoptedStyleSheets = [sheet];

  const frame = document.createElement('iframe');
  frame.title = displayName;
  frame.allow = ALLOW;
  frame.src = uiUrl;
  root.append(frame);

  const launcher = document.createElement('button');
  launcher.style.setProperty('--accent', themeColor);
  launcher.onclick = toggle;
  if (!container) {
    frame.className = 'floating';
    root.prepend(launcher);
  }
  // Not the body: it may not be there yet, and some pages exchange it.
  (container ?? document.documentElement).append(host);

  return {
    frame,
    setOpen(open) {
      if (!open && root.activeElement === frame) launcher.focus();
      // Not `display`: a frame that has no box is throttled.
      frame.style.visibility = open ? '' : 'hidden';
      launcher.ariaExpanded = `${open}`;
    },
    show(state) {
      const [look, words] = describe(state);
      launcher.className = look;
      launcher.title = launcher.ariaLabel = `${displayName}: ${words}`;
    },
    hide() {
      frame.style.display = 'none';
      launcher.remove();
    },
    remove() {
      host.remove();
    },
  };
};

const describe = ({ registered, inCall, calls }: Snapshot): [look: string, words: string] => {
  if (calls.some(({ direction, state }) => direction === 'inbound' && state === 'ringing')) {
    return ['ringing', 'incoming call'];
  }
  if (inCall) return ['busy', 'in a call'];
  return registered ? ['ready', 'connected'] : ['offline', 'not connected'];
};
