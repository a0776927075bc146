import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { diagnose } from '../../packages/whyreset/src/index.ts';
import { root } from '../helpers/cli.ts';
import {
  captureOf,
  clientsOf,
  cutBeginnings,
  type Frame,
  framesOf,
  renumberServers,
} from '../helpers/edit-capture.ts';

/**
 * Captures that begin in the middle of their connections: no SYN, the first
 * packets missing, servers on ports that no list may know. Who is client is
 * known from the whole capture.
 */
const folder = join(root, 'test/captures');
const captures = readdirSync(folder).filter((name) => /\.pcap(ng)?$/.test(name));

const PORTS = [
  80, 443, 1812, 2049, 3000, 3306, 4567, 5000, 5432, 5672, 6379, 7777, 8000, 8080, 8443, 9000, 9092, 9200,
  11211, 12345, 15000, 18306, 20880, 27017, 30080, 31999, 33060, 44818, 50051, 61616,
];

/** Text of an end as the report has it, from the numbers of a frame. */
const portOf = (end: string) => Number(end.slice(end.lastIndexOf(':') + 1));

function clientPorts(frames: readonly Frame[]): Set<number> {
  return new Set([...clientsOf(frames).values()].map(portOf));
}

/** Ends that the diagnosis calls client and that never were one. */
function exchanged(frames: readonly Frame[], port: number, more: number): string[] {
  const clients = clientPorts(frames);
  const { resets } = diagnose(captureOf(cutBeginnings(renumberServers(frames, port), more)));
  return resets
    .map(({ connection }) => connection.originator)
    .filter((originator) => !clients.has(portOf(originator)) && originator.endsWith(`:${port}`));
}

describe('a capture that begins in the middle of its connections', () => {
  const framesBy = new Map(
    captures.map((name) => [name, framesOf(new Uint8Array(readFileSync(join(folder, name))))]),
  );

  it.each(captures)('%s: the client stays the client', (name) => {
    const frames = framesBy.get(name)!;
    const wrong = [3000, 5432, 18306, 33060, 50051].flatMap((port) =>
      [0, 1, 2, 3].flatMap((more) => exchanged(frames, port, more).map((who) => `${port} +${more}: ${who}`)),
    );
    expect(wrong).toEqual([]);
  });

  it.each(PORTS)('port %i: the client stays the client', (port) => {
    const names = [
      'keepalive-race-unread.pcap',
      'sigkill-read.pcap',
      'early-413-node.pcap',
      'idle-kill-message.pcap',
      'tls-alert-reset.pcap',
    ];
    const wrong = names.flatMap((name) =>
      [0, 1, 2].flatMap((more) =>
        exchanged(framesBy.get(name)!, port, more).map((who) => `${name} +${more}: ${who}`),
      ),
    );
    expect(wrong).toEqual([]);
  });
});
