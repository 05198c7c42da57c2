/**
 * The people of an invented wholesaler for cafés and hotels.
 *
 * The customers' numbers are the switch's test numbers, so every way a call can go has a face.
 */

/** Who may sign in at the demo; they call each other by name. */
export const team = [
  {
    id: 'agent1',
    number: 'agent1',
    name: 'Ines Okafor',
    role: 'Key accounts',
    company: 'Fernwick Provisions',
    city: 'Bristol',
    note: 'On the desk from 8:00 to 16:00. Takes over the northern hotels in spring.',
  },
  {
    id: 'agent2',
    number: 'agent2',
    name: 'Marek Lindqvist',
    role: 'Order desk',
    company: 'Fernwick Provisions',
    city: 'Bristol',
    note: 'Ask him first about anything that left the warehouse.',
  },
];

const customers = [
  {
    id: 'helene',
    number: '605',
    name: 'Hélène Fournier',
    role: 'Owner',
    company: 'Atelier Fournier',
    city: 'Bath',
    since: '2019',
    terms: '14 days',
    note: 'Keeps it short on the phone: picks up, says what she needs, hangs up.',
    tag: 'Answers, then hangs up',
  },
  {
    id: 'kofi',
    number: '606',
    name: 'Kofi Mensah-Boateng',
    role: 'Purchasing',
    company: 'Goldhaven Hotels',
    city: 'Cardiff',
    since: '2021',
    terms: '30 days',
    note: 'The switchboard plays an announcement first; stay on the line.',
    tag: 'Announcement first',
  },
  {
    id: 'tobias',
    number: '602',
    name: 'Tobias Renner',
    role: 'Kitchen manager',
    company: 'Café Aurel',
    city: 'Exeter',
    since: '2023',
    terms: '14 days',
    note: 'One line for the whole café. Try after three, when lunch is over.',
    tag: 'Busy',
  },
  {
    id: 'priya',
    number: '603',
    name: 'Priya Natarajan',
    role: 'General manager',
    company: 'Saltmarsh Inn',
    city: 'Minehead',
    since: '2020',
    terms: '30 days',
    note: 'Often out on the terrace and does not hear the phone. A message works better.',
    tag: 'Rings on',
  },
  {
    id: 'joaquin',
    number: '604',
    name: 'Joaquín Dellarosa',
    role: 'Buyer',
    company: 'Bodega Ultramar',
    city: 'Plymouth',
    since: '2024',
    terms: 'Prepaid',
    note: 'Screens his calls. The spring price list is still open with him.',
    tag: 'Declines',
  },
];

const lines = [
  {
    id: 'echo',
    number: '600',
    name: 'Echo test',
    role: 'Headset check',
    company: 'Repeats what you say',
    note: 'Call it and speak. If you hear yourself, the microphone and the loudspeaker both work.',
  },
  {
    id: 'tone',
    number: '601',
    name: 'Tone test',
    role: 'Loudspeaker check',
    company: 'A steady 1 kHz tone',
    note: 'Call it and listen: if you hear the tone, your loudspeaker works.',
  },
];

/** What the contacts page lists, without the person who is looking at it. */
export const groupsFor = (agent) => [
  { title: 'Customers', people: customers },
  { title: 'Team', people: team.filter(({ id }) => id !== agent) },
  { title: 'Test lines', people: lines },
];

/** Two letters for a portrait. */
export const initials = (name) =>
  name
    .split(' ')
    .map(([letter]) => letter)
    .slice(0, 2)
    .join('')
    .toUpperCase();

/** A hue that stays with a name; the golden angle keeps names apart that are alike. */
export const hue = (name) =>
  ([...name].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) % 9973, 7) * 137.5) % 360;
