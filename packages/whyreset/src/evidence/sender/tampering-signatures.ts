/** How far the client had got when the resets, or the silence, came. */
export type Stage = 'syn' | 'ack' | 'psh' | 'data';

/** One of the published signatures of connections that may have been tampered with. */
export interface Signature {
  /** Its place in the published list, 1 to 19. */
  number: number;
  /** As it is printed: what the client had sent, then what came in place of the rest. */
  name: string;
  stage: Stage;
  /** What leaves the same packets without anybody on the path: who resets is the client, or the server. */
  twins: { originator: string; responder: string };
}

export const STAGES: Readonly<Record<Stage, string>> = {
  syn: 'in mid-handshake',
  ack: 'right after the handshake',
  psh: 'after the first data',
  data: 'after several data packets',
};

const scanner = 'a scanner, or a client that lost interest while it dialled (happy eyeballs)';
const refused = 'a closed port, or a firewall that rejects the connection';
const probe = 'a health check, a scanner, or the slower of two connections (happy eyeballs)';
const overflow = 'a full accept queue, or a listener that closed';
const closedTab = 'a closed tab, a cancelled request, or a client that resets out of habit';
const endpoint = 'a server that aborts the request';
const strays = 'a host without the connection: it answers each packet with a RST of its own';

/**
 * The 19 signatures of Sundara Raman, Merino, Bock, Fayed, Levin, Sullivan, Valenta: Global, Passive Detection
 * of Connection Tampering (SIGCOMM 2023, doi:10.1145/3603269.3604875), first published 2023-09, in the order
 * of their stages. `∅` is silence, `RST=RST` several with one ACK number, `RST≠RST` with several, `RST₀` one with
 * ACK number 0 among others.
 */
export const SIGNATURES = {
  synSilence: row(1, 'syn', '⟨SYN → ∅⟩', 'a lost client, or a SYN flood', 'a dead host, or a lost path'),
  synRst: row(2, 'syn', '⟨SYN → RST⟩', scanner, refused),
  synRstAck: row(3, 'syn', '⟨SYN → RST+ACK⟩', scanner, refused),
  synBoth: row(4, 'syn', '⟨SYN → RST;RST+ACK⟩', scanner, refused),
  ackSilence: row(
    5,
    'ack',
    '⟨SYN;ACK → ∅⟩',
    'a connection opened ahead of its use',
    'a server with nothing to say',
  ),
  ackRst: row(6, 'ack', '⟨SYN;ACK → RST⟩', probe, overflow),
  ackRsts: row(7, 'ack', '⟨SYN;ACK → RST;RST⟩', probe, strays),
  ackRstAck: row(8, 'ack', '⟨SYN;ACK → RST+ACK⟩', probe, overflow),
  ackRstAcks: row(9, 'ack', '⟨SYN;ACK → RST+ACK;RST+ACK⟩', probe, overflow),
  pshSilence: row(
    10,
    'psh',
    '⟨PSH+ACK → ∅⟩',
    'a client that lost its network',
    'a server that is slow, or gone',
  ),
  pshRst: row(11, 'psh', '⟨PSH+ACK → RST⟩', closedTab, strays),
  pshRstAck: row(12, 'psh', '⟨PSH+ACK → RST+ACK⟩', closedTab, endpoint),
  pshBoth: row(13, 'psh', '⟨PSH+ACK → RST;RST+ACK⟩', closedTab, endpoint),
  pshRstAcks: row(14, 'psh', '⟨PSH+ACK → RST+ACK;RST+ACK⟩', closedTab, endpoint),
  pshSameAck: row(15, 'psh', '⟨PSH+ACK → RST=RST⟩', strays, strays),
  pshOtherAck: row(16, 'psh', '⟨PSH+ACK → RST≠RST⟩', strays, strays),
  pshZeroAck: row(17, 'psh', '⟨PSH+ACK → RST;RST₀⟩', strays, strays),
  dataRst: row(18, 'data', '⟨PSH+ACK;Data → RST⟩', closedTab, strays),
  dataRstAck: row(19, 'data', '⟨PSH+ACK;Data → RST+ACK⟩', closedTab, endpoint),
} as const satisfies Record<string, Signature>;

function row(number: number, stage: Stage, name: string, originator: string, responder: string): Signature {
  return { number, name, stage, twins: { originator, responder } };
}
