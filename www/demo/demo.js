/** A CRM's contacts page with Ringlet on it. Everything about the phone is in `connect`. */
import { describe, followCalls, wentWrong } from './calls.js';
import { groupsFor, hue, initials, team } from './contacts.js';
import { clock, element, icon } from './dom.js';

const byId = (id) => document.getElementById(id);
const me = team.find(({ id }) => id === new URLSearchParams(location.search).get('agent')) ?? team[0];
const groups = groupsFor(me.id);
const people = groups.flatMap((group) => group.people);

let calls = [];
let selected = people[0];

// The phone -------------------------------------------------------------------------------------

const connect = async () => {
  const { phoneOrigin, key, domain, agents } = await (await fetch('config.json')).json();
  await new Promise((resolve, reject) => {
    const script = element('script', { src: `${phoneOrigin}/loader.js`, onload: resolve, onerror: reject });
    document.head.append(script);
  });

  const { Ringlet } = globalThis;
  calls = followCalls(Ringlet, (call) => {
    // Whoever calls or is called comes on screen.
    const person = people.find(({ number }) => number === call.number);
    if (person && person !== selected && isNew(call)) select(person);
    else draw();
  });
  Ringlet.on('registered', ({ username }) => showLine('ready', `Phone ready · ${username}`));
  Ringlet.on('unregistered', () => showLine('offline', 'Phone offline'));

  await Ringlet.init({
    key,
    sip: { username: me.id, domain, password: agents[me.id]?.password },
    behavior: { host: { mode: 'autologin' } },
    // A browser that gives the frame no storage is no news to whoever is on the phone.
    onError: ({ code, message }) => code !== 'STORAGE_BLOCKED' && notify(message),
  });
};

const notify = (message) => {
  byId('alert').textContent = message;
  byId('alert').hidden = false;
  setTimeout(() => (byId('alert').hidden = true), 8000);
};

const command = (run) => run().catch(({ message }) => notify(message));

const showLine = (state, text) => {
  byId('line').dataset.state = state;
  byId('line-text').textContent = text;
};

// The page --------------------------------------------------------------------------------------

const isNew = ({ direction, state }) => state === (direction === 'inbound' ? 'ringing' : 'dialing');

const liveCall = (person) => calls.find(({ number, state }) => number === person.number && state !== 'ended');

const portrait = ({ name }) => {
  const made = element('span', { className: 'portrait', 'aria-hidden': 'true' }, initials(name));
  made.style.setProperty('--hue', hue(name));
  return made;
};

const drawContacts = () => {
  const words = byId('search').value.trim().toLowerCase();
  const fits = (person) =>
    [person.name, person.company, person.number, person.city ?? ''].some((text) => text.toLowerCase().includes(words));
  let shown = 0;
  const lists = groups.map(({ title, people }) => {
    const found = people.filter(fits);
    shown += found.length;
    if (!found.length) return undefined;
    return element(
      'section',
      { className: 'group', 'aria-label': title },
      element('h2', {}, title),
      element('ul', {}, ...found.map(contactRow)),
    );
  });
  byId('groups').replaceChildren(...lists.filter(Boolean));
  byId('count').textContent = `${shown}`;
  byId('nothing').hidden = shown > 0;
};

const contactRow = (person) => {
  const call = liveCall(person);
  return element(
    'li',
    { className: `contact${call ? ' live' : ''}` },
    portrait(person),
    element(
      'button',
      {
        type: 'button',
        className: 'who',
        'aria-current': person === selected ? 'true' : undefined,
        onclick: () => select(person, true),
      },
      element('span', { className: 'name' }, person.name),
      element('span', { className: 'company' }, call ? describe(call) : person.company),
    ),
    element(
      'a',
      { className: 'number', href: `tel:${person.number}`, 'aria-label': `Call ${person.name}, ${person.number}` },
      icon('phone'),
      person.number,
    ),
  );
};

const drawDetails = () => {
  const person = selected;
  const call = liveCall(person);
  const facts = [
    ['Phone', person.number],
    ['City', person.city],
    ['Customer since', person.since],
    ['Payment', person.terms],
    ['In this demo', person.tag],
  ].filter(([, value]) => value);
  byId('details').replaceChildren(
    element('a', { className: 'back', href: '#' }, icon('back'), 'Contacts'),
    element(
      'div',
      { className: 'head' },
      portrait(person),
      element(
        'div',
        {},
        element('h2', { id: 'details-name' }, person.name),
        element('p', { className: 'company' }, `${person.role} · ${person.company}`),
      ),
      call ? callControls(call) : callLink(person),
    ),
    element(
      'dl',
      {},
      ...facts.map(([name, value]) => element('div', {}, element('dt', {}, name), element('dd', {}, value))),
    ),
    element('p', { className: 'note' }, person.note),
  );
};

const callLink = ({ name, number }) =>
  element(
    'a',
    { className: 'button', href: `tel:${number}`, 'aria-label': `Call ${name}` },
    icon('phone'),
    'Call',
  );

const callControls = ({ callId, state, direction }) => {
  const { Ringlet } = globalThis;
  const controls = element('div', { className: 'controls' });
  const incoming = direction === 'inbound' && state === 'ringing';
  if (incoming) {
    controls.append(
      element('button', { type: 'button', className: 'button', onclick: () => command(() => Ringlet.answer(callId)) }, icon('phone'), 'Answer'),
    );
  }
  controls.append(
    element(
      'button',
      {
        type: 'button',
        className: 'button danger',
        onclick: () => command(() => (incoming ? Ringlet.reject(callId) : Ringlet.hangup(callId))),
      },
      icon('phone'),
      incoming ? 'Decline' : 'Hang up',
    ),
  );
  return controls;
};

const drawTimeline = () => {
  const scope = document.querySelector('[name=scope]:checked').value;
  const shown = calls.filter(({ number }) => scope === 'all' || number === selected.number);
  byId('timeline').replaceChildren(...shown.map(callEntry));
  byId('quiet').hidden = shown.length > 0;
};

const callEntry = (call) => {
  const person = people.find(({ number }) => number === call.number);
  const name = person?.name ?? (call.displayName || call.number || 'Unknown caller');
  const look = call.state === 'ended' ? (wentWrong(call) ? 'missed' : 'done') : 'live';
  const seconds = call.state === 'ended' ? call.duration : call.answeredAt && elapsed(call);
  const detail = [call.direction === 'inbound' ? 'Incoming' : 'Outgoing', describe(call)];
  if (call.sipCode >= 300) detail.push(`SIP ${call.sipCode}`);
  return element(
    'li',
    { className: `entry ${look}` },
    element('span', { className: 'mark' }, icon(call.direction === 'inbound' ? 'in' : 'out')),
    element(
      'div',
      {},
      element('p', { className: 'name' }, name),
      element('p', { className: 'company' }, detail.join(' · ')),
    ),
    element('span', { className: 'length' }, seconds ? clock(seconds) : ''),
    element('time', { dateTime: call.at }, timeOfDay.format(new Date(call.at))),
  );
};

const timeOfDay = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const elapsed = ({ answeredAt }) => Math.max(0, Math.floor((Date.now() - answeredAt) / 1000));

const drawSums = () => {
  const answered = calls.filter(({ answeredAt }) => answeredAt);
  const talk = answered.reduce((sum, call) => sum + (call.duration ?? elapsed(call)), 0);
  byId('sum-calls').textContent = calls.length;
  byId('sum-answered').textContent = answered.length;
  byId('sum-talk').textContent = clock(talk);
};

/** Redraws everything and leaves the focus where it was, when that is still there. */
const draw = () => {
  const focused = document.activeElement;
  const label = focused?.getAttribute('aria-label') ?? focused?.textContent;
  const area = focused?.closest('#groups, #details');
  drawContacts();
  drawDetails();
  drawTimeline();
  drawSums();
  if (!area || focused.isConnected) return;
  const same = [...area.querySelectorAll('a, button')].find(
    (one) => (one.getAttribute('aria-label') ?? one.textContent) === label,
  );
  (same ?? byId('details')).focus();
};

const select = (person, byHand = false) => {
  selected = person;
  if (location.hash.slice(1) !== person.id) history.pushState(null, '', `#${person.id}`);
  document.body.dataset.view = 'record';
  draw();
  if (byHand && matchMedia('(max-width: 760px)').matches) byId('details').focus();
};

const followAddress = () => {
  const person = people.find(({ id }) => id === location.hash.slice(1));
  document.body.dataset.view = person ? 'record' : 'list';
  if (person) selected = person;
  draw();
};

const drawAgents = () =>
  byId('agents').replaceChildren(
    ...team.map((agent) =>
      element(
        'a',
        {
          href: `?agent=${agent.id}`,
          'aria-current': agent === me ? 'page' : undefined,
          target: agent === me ? undefined : '_blank',
          title: agent === me ? `You are ${agent.name}` : `Open a second tab as ${agent.name}`,
        },
        portrait(agent),
        element('span', {}, agent.name),
      ),
    ),
  );

byId('search').addEventListener('input', drawContacts);
document.querySelector('.switch').addEventListener('change', drawTimeline);
addEventListener('hashchange', followAddress);
addEventListener('popstate', followAddress);
setInterval(() => {
  if (calls.some(({ state }) => state === 'active')) {
    drawTimeline();
    drawSums();
  }
}, 1000);

drawAgents();
followAddress();
connect().catch((error) => {
  showLine('offline', 'Phone offline');
  notify(error.message ?? 'The phone could not be loaded.');
});
