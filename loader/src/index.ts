/** Ringlet for bundlers: the commands, the events, and every type that they mention. */
export type { InitConfig } from './config.js';
export { RingletError } from './error.js';
export type { HostMode, SessionRestore, Theme } from './generated/config.js';
export type {
  Connection,
  Counters,
  Diagnostics,
  MicrophoneState,
  TraceKind,
  TraceLine,
} from './generated/diagnostics.js';
export type { ErrorCode } from './generated/error.js';
export type {
  CallAnswered,
  CallEnded,
  CallIncoming,
  CallRinging,
  CallStarted,
  CallUpdated,
  Direction,
  EndCause,
  ErrorEvent,
  MicPermission,
  MicPermissionState,
  QualityMetric,
  QualityReport,
  QualityWarning,
  Ready,
  Registered,
  TransferState,
  TransferStatus,
  Unregistered,
  UnregisteredReason,
} from './generated/event.js';
export type { CallState, CallSummary, Snapshot } from './generated/message.js';
export { type EventName, type Events, type Handler, off, on } from './handlers.js';
export {
  answer,
  call,
  type CallOptions,
  close,
  destroy,
  type DestroyOptions,
  dial,
  getDiagnostics,
  getState,
  hangup,
  hold,
  init,
  isInCall,
  isRegistered,
  mute,
  open,
  reject,
  sendDtmf,
  toggle,
  transfer,
  transferTo,
  unhold,
  unmute,
} from './ringlet.js';
