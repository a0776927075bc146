import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { CaptureReader } from '../../wire/capture-reader.ts';
import { endpointText } from '../endpoint-text.ts';
import { ConnectionTracker } from '../tracker.ts';
import { newBrief } from './brief.ts';

const folder = fileURLToPath(new URL('../../../../../test/captures/', import.meta.url));
const captures = readdirSync(folder).filter((name) => /\.pcap(ng)?$/.test(name));

/** All connections that the recordings hold, with their briefs. */
function* archived() {
  for (const name of captures) {
    const tracker = new ConnectionTracker({ keep: 'every' });
    const reader = new CaptureReader(tracker);
    reader.push(new Uint8Array(readFileSync(folder + name)));
    reader.end();
    tracker.end();
    for (let index = 0; index < tracker.archive.length; index++) {
      const brief = newBrief();
      tracker.archive.brief(index, brief);
      yield { name, brief, connection: tracker.archive.connection(index) };
    }
  }
}

describe('a brief', () => {
  it('says of every recorded connection what the connection does', () => {
    let seen = 0;
    for (const { name, brief, connection } of archived()) {
      const { originator, responder, timeline } = connection;
      const first = (side: string) => timeline.find(({ from }) => from === side);
      const numberOf = (side: string, synSeen: boolean) => {
        const p = first(side);
        return synSeen && p !== undefined ? (p.rawSeq - p.seq) >>> 0 : -1;
      };
      const { bytes, headFrom, headTo } = brief;
      expect({ ...brief, bytes: undefined, names: 0, addresses: 0, headFrom: 0, headTo: 0 }, name).toEqual({
        bytes: undefined,
        names: 0,
        addresses: 0,
        headFrom: 0,
        headTo: 0,
        originatorPort: originator.port,
        responderPort: responder.port,
        originatorSeq: numberOf('originator', originator.synSeen),
        responderSeq: numberOf('responder', responder.synSeen),
        originatorStamp: first('originator')?.tsVal ?? -1,
        responderStamp: first('responder')?.tsVal ?? -1,
        start: connection.start,
        end: connection.end,
      });
      expect([...bytes.subarray(headFrom, headTo)]).toEqual([...(originator.firstTurn?.head ?? [])]);
      seen++;
    }
    expect(seen).toBeGreaterThan(captures.length);
  });

  it('names alike what has the same ends, and nothing else', () => {
    const names = new Map<number, string>();
    const addresses = new Map<number, string>();
    for (const { brief, connection } of archived()) {
      const ends = [connection.originator, connection.responder];
      const name = ends.map(endpointText).sort().join(' ');
      const hosts = ends.map(({ address }) => address).join(' ');
      expect(names.get(brief.names) ?? name).toBe(name);
      expect(addresses.get(brief.addresses) ?? hosts).toBe(hosts);
      names.set(brief.names, name);
      addresses.set(brief.addresses, hosts);
    }
    expect(names.size).toBe(new Set(names.values()).size);
    expect(addresses.size).toBe(new Set(addresses.values()).size);
  });
});
