/** When the fault strikes, in the life of a request. The last two strike between two requests. */
export const MOMENTS = [
  'on accept',
  'on the first byte',
  'within the head',
  'within the body',
  'before the response',
  'within the response',
  'after the response',
  'idle',
] as const;
export type Moment = (typeof MOMENTS)[number];

/** What the server does; `chaos-server.mjs` has the details. */
export const FAULTS = [
  'reset',
  'close',
  'half-close',
  'half-close, execute',
  'hang',
  'close unread',
  'truncate head',
  'truncate body',
  'execute, reset',
] as const;
export type Fault = (typeof FAULTS)[number];

export const BODIES = ['buffer', 'stream'] as const;
export type BodyKind = (typeof BODIES)[number];

/** One encounter: at its own address of the server, by a client of its own. */
export interface Cell {
  address: string;
  id: string;
  client: string;
  moment: Moment;
  fault: Fault;
  /** Times that the fault strikes. */
  times: number;
  body: BodyKind;
  method: 'POST' | 'PUT';
  /** The request under which it strikes is not the connection's first. */
  reused: boolean;
  kernel: 'auto' | 'none';
}

export type Variation = Pick<Cell, 'times' | 'method' | 'reused' | 'kernel'>;

/** Every moment, fault, client and body; an address in 127/8 for each, by which the server knows it. */
export function cells(clients: readonly string[], variation: Variation, salt: number): Cell[] {
  const all: Cell[] = [];
  for (const moment of MOMENTS)
    for (const fault of FAULTS)
      for (const client of clients)
        for (const body of BODIES) {
          const between = moment === 'after the response' || moment === 'idle';
          // Nothing can have been reused when the fault strikes at the beginning of a connection.
          const reused = between || (variation.reused && moment !== 'on accept');
          const number = all.length;
          const address = `127.${1 + (salt % 250)}.${number >> 8}.${number & 255}`;
          all.push({ ...variation, reused, address, id: `${salt}-${number}`, client, moment, fault, body });
        }
  return all;
}

export const title = ({ client, moment, fault, body, method, times, reused, kernel }: Cell) =>
  `${client}, ${method} of a ${body}, ${fault} ${moment}${reused ? ', reused' : ''}, ${times} times, kernel ${kernel}`;
