import { formatAddress } from '../../wire/address.ts';
import type { ConnState, Endpoint } from '../connection.ts';
import { endpointText } from '../endpoint-text.ts';
import {
  ADDRESS_0,
  ADDRESS_1,
  FLAGS,
  IPV6,
  ORIGINATOR_IS_1,
  originatorSide,
  PACKETS,
  PORTS,
  RESETS,
  responderSide,
  START,
} from '../store/layout.ts';
import type { Live } from '../store/live.ts';
import { connState } from '../zeek/conn-state.ts';
import { readHistory } from '../zeek/history.ts';
import { payloadSize, stateOf } from '../zeek/numbers.ts';

/** One connection as `whyreset connections` shows it. */
export interface ConnectionSummary {
  /** Time of the first packet, seconds since the capture's epoch. */
  ts: number;
  /** `ip:port`, `[ip]:port` for IPv6. */
  originator: string;
  responder: string;
  state: ConnState;
  history: string;
  originatorPackets: number;
  responderPackets: number;
  originatorBytes: number;
  responderBytes: number;
  /** RSTs of both sides. */
  resets: number;
}

/** A connection at the moment it is forgotten; valid only during the call. */
export interface FinishedConnection {
  readonly troubled: boolean;
  /** Where it stands in the archive, -1 when it was not kept. */
  readonly index: number;
  summary(): ConnectionSummary;
}

/** The one handle given to `on`, pointed at each finished row in turn. */
export class FinishedRow implements FinishedConnection {
  r = 0;
  troubled = false;
  index = -1;
  private readonly live: Live;

  constructor(live: Live) {
    this.live = live;
  }

  summary(): ConnectionSummary {
    const { live, r } = this;
    const { v, d } = live.rows;
    const flags = v[r + FLAGS]!;
    const orig = r + originatorSide(flags);
    const resp = r + responderSide(flags);
    const history = readHistory(live, r);
    const originatorBytes = payloadSize(v, orig, resp);
    const responderBytes = payloadSize(v, resp, orig);
    return {
      ts: d[(r + START) >> 1]!,
      originator: endpointText(this.originator()),
      responder: endpointText(this.responder()),
      state: connState(stateOf(v, orig), stateOf(v, resp), history, originatorBytes + responderBytes),
      history,
      originatorPackets: v[orig + PACKETS]!,
      responderPackets: v[resp + PACKETS]!,
      originatorBytes,
      responderBytes,
      resets: v[orig + RESETS]! + v[resp + RESETS]!,
    };
  }

  originator(): Pick<Endpoint, 'address' | 'port'> {
    return this.end((this.live.rows.v[this.r + FLAGS]! & ORIGINATOR_IS_1) !== 0);
  }

  responder(): Pick<Endpoint, 'address' | 'port'> {
    return this.end((this.live.rows.v[this.r + FLAGS]! & ORIGINATOR_IS_1) === 0);
  }

  private end(second: boolean): Pick<Endpoint, 'address' | 'port'> {
    const v = this.live.rows.v;
    const at = this.r + (second ? ADDRESS_1 : ADDRESS_0);
    const ports = v[this.r + PORTS]!;
    const address = formatAddress(
      Uint32Array.from(v.subarray(at, at + 4)),
      (v[this.r + FLAGS]! & IPV6) !== 0 ? 6 : 4,
    );
    return { address, port: second ? ports & 0xffff : ports >>> 16 };
  }
}
