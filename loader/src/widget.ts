/**
 * What the page shows: a launcher with a panel over the page, or a frame that fills a container.
 *
 * All of it stands in one shadow root with a constructed style sheet, so that neither the page's styles
 * nor a strict `style-src` reach it, and one removal leaves the page as it was.
 */
import type { Branding } from './generated/config.js';
import type { Snapshot } from './generated/message.js';
import styles from './widget.css';

const ALLOW = 'microphone; autoplay; speaker-selection; clipboard-write; hid';

/** The phone's place on the page. */
export interface Widget {
  readonly frame: HTMLIFrameElement;
  /** Shows the tenant's name and colour; before that there is no launcher. */
  brand(branding: Branding): void;
  setOpen(open: boolean): void;
  /** Brings the launcher's look and name up to date. */
  show(state: Snapshot): void;
  /** Loads the frame's page anew, or another one. */
  reload(url?: string): void;
  /** Makes it invisible while the frame goes on living. */
  hide(): void;
  remove(): void;
}

/** Puts the phone on the page; `toggle` is called when the launcher is pressed. */
export const createWidget = (
  url: string,
  container: Element | null | undefined,
  toggle: () => void,
): Widget => {
  let name = '';
  const host = document.createElement('ringlet-phone');
  const root = host.attachShadow({ mode: 'open' });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(styles);
  root.adoptedStyleSheets = [sheet];

  const frame = document.createElement('iframe');
  frame.allow = ALLOW;
  frame.src = url;
  root.append(frame);

  const launcher = document.createElement('button');
  launcher.onclick = toggle;
  if (!container) frame.className = 'floating';
  // Not the body: it may not be there yet, and some pages exchange it.
  (container ?? document.documentElement).append(host);

  return {
    frame,
    brand({ displayName, themeColor }) {
      name = frame.title = displayName;
      launcher.style.setProperty('--accent', themeColor);
      if (!container) root.prepend(launcher);
    },
    setOpen(open) {
      if (!open && root.activeElement === frame) launcher.focus();
      // Not `display`: a frame that has no box is throttled.
      frame.style.visibility = open ? '' : 'hidden';
      launcher.ariaExpanded = `${open}`;
    },
    show(state) {
      const [look, words] = describe(state);
      launcher.className = look;
      launcher.title = launcher.ariaLabel = `${name}: ${words}`;
    },
    reload(url = frame.src) {
      // A frame that is put in anew loads its address, whatever it showed before: setting the same
      // address again would not, because of its fragment.
      frame.remove();
      frame.src = url;
      root.append(frame);
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
