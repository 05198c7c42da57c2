// Written by `cargo xtask codegen` from crates/contract; do not edit.

/** What arrives from the phone and from the server; shape.ts says how to read it. */
export const shapes = {
  Announce: 'nonce',
  Branding: 'displayName themeColor',
  CallAnswered: 'callId number direction requestedCallerId?',
  CallEnded: 'callId number direction requestedCallerId? duration:number cause sipCode:number',
  CallIncoming: 'callId number displayName? direction',
  CallRinging: 'callId',
  CallStarted: 'callId number direction requestedCallerId? correlationId?',
  CallSummary: 'callId number direction state muted:boolean held:boolean remoteHeld:boolean',
  CallUpdated: 'callId held:boolean remoteHeld:boolean muted:boolean',
  CommandResult: ['status', 'value', 'done:ResultValue failed:ErrorBody'],
  ErrorBody: 'code message',
  ErrorEvent: 'code message fatal:boolean recoverable:boolean',
  EventMessage: 'seq:number at eventId event:HostEvent',
  Header: 'ns v:number id replyTo?',
  HelloAck: 'nonce version',
  HostEvent: ['name', 'payload', 'ready:Ready registered:Registered unregistered:Unregistered callStarted:CallStarted callIncoming:CallIncoming callRinging:CallRinging callAnswered:CallAnswered callUpdated:CallUpdated callEnded:CallEnded micPermission:MicPermission error:ErrorEvent'],
  MicPermission: 'state',
  Ready: 'version capabilities:string[]',
  Registered: 'username domain userKey',
  ResultValue: 'callId? diagnostics:object?',
  Snapshot: 'registered:boolean inCall:boolean activeNumber:string|null callCount:number calls:CallSummary[]',
  ToLoader: ['type', 'data', 'result:CommandResult event:EventMessage snapshot:Snapshot visibility:Visibility'],
  Unregistered: 'reason',
  Visibility: 'open:boolean',
} as const;
