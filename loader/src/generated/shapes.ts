// Written by `cargo xtask codegen` from crates/contract; do not edit.

/** What arrives from the phone and from the server; shape.ts says how to read it. */
export const shapes = {
  Announce: 'nonce',
  Branding: 'displayName themeColor',
  CallSummary: 'callId number direction state muted:boolean held:boolean remoteHeld:boolean',
  CommandResult: ['status', 'value', 'done:ResultValue failed:ErrorBody'],
  ErrorBody: 'code message',
  EventMessage: 'seq:number at eventId event:HostEvent',
  Header: 'ns v:number id replyTo?',
  HelloAck: 'nonce version',
  HostEvent: ['name', 'payload', 'ready:object registered:object unregistered:object callStarted:object callIncoming:object callRinging:object callAnswered:object callUpdated:object callEnded:object transferState:object qualityWarning:object micPermission:object error:object'],
  ResultValue: 'callId? diagnostics:object?',
  Snapshot: 'registered:boolean inCall:boolean activeNumber:string|null callCount:number calls:CallSummary[]',
  ToLoader: ['type', 'data', 'result:CommandResult event:EventMessage snapshot:Snapshot visibility:Visibility'],
  Visibility: 'open:boolean',
} as const;
