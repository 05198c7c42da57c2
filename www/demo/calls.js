/** What the phone told, kept as a list of calls; the page draws it. */

const CAUSES = {
  'local-hangup': 'You hung up',
  'remote-hangup': 'They hung up',
  cancelled: 'You cancelled',
  rejected: 'You declined',
  missed: 'Missed',
  'answered-elsewhere': 'Answered on another device',
  busy: 'Busy',
  declined: 'They declined',
  'no-answer': 'No answer',
  'not-found': 'Number does not exist',
  unavailable: 'Not reachable',
  forbidden: 'Not allowed',
  incompatible: 'No common way to talk',
  'media-failed': 'Audio failed',
  'connection-lost': 'Connection lost',
  failed: 'Call failed',
};

/** Follows the phone's events; `changed` is called after each. */
export const followCalls = (phone, changed) => {
  const calls = [];
  const update = ({ callId }, change) => {
    const call = calls.find((one) => one.callId === callId);
    if (!call) return;
    Object.assign(call, change);
    changed(call);
  };
  const add = ({ callId, number, direction, displayName, at }) => {
    const call = { callId, number, direction, displayName, at, state: direction === 'inbound' ? 'ringing' : 'dialing' };
    calls.unshift(call);
    changed(call);
  };

  phone.on('callStarted', add);
  phone.on('callIncoming', add);
  phone.on('callRinging', (event) => update(event, { state: 'ringing' }));
  phone.on('callAnswered', (event) => update(event, { state: 'active', answeredAt: Date.parse(event.at) }));
  phone.on('callEnded', (event) =>
    update(event, { state: 'ended', duration: event.duration, cause: event.cause, sipCode: event.sipCode }),
  );
  return calls;
};

/** How a call stands, in words. */
export const describe = ({ state, direction, cause, answeredAt }) => {
  if (state === 'ended') return CAUSES[cause] ?? 'Ended';
  if (state === 'active') return answeredAt ? 'In call' : 'Answered';
  if (state === 'ringing') return direction === 'inbound' ? 'Is calling you' : 'Ringing';
  return 'Calling';
};

/** Whether a call that is over never came about. */
export const wentWrong = ({ state, cause }) =>
  state === 'ended' && !['local-hangup', 'remote-hangup', 'answered-elsewhere'].includes(cause);
