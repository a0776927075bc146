import type { Subject } from '../../packages/whyreset/src/evidence/define.ts';
import { Gathering } from '../../packages/whyreset/src/gather.ts';
import { Population } from '../../packages/whyreset/src/verdict/population.ts';
import { timelineToPcap } from './timeline.ts';
import { parseTimeline } from './timeline-parse.ts';

/** Every troubled connection of a capture, ready to be judged. */
export function captureToSubjects(capture: Uint8Array): Subject[] {
  const gathering = new Gathering('example', 0);
  gathering.push(capture);
  const { archive, hosts } = gathering.end();
  const population = new Population();
  const connections = Array.from({ length: archive.length }, (_, index) => archive.connection(index));
  for (const connection of connections) population.add(connection);
  population.settle();
  return connections.map((connection, index) => ({
    connection,
    world: {
      index,
      address: (address) => hosts.address(address),
      responder: (address, port) => hosts.responder(address, port),
      neighbours: (i) => population.neighbours(i),
    },
    memo: [],
  }));
}

/**
 * The connection that an example is about: the last one of the text that is in
 * trouble, read back through the whole tool, the others its neighbours.
 * @throws Error when the text is wrong or no connection of it is in trouble.
 */
export function timelineToSubject(text: string): Subject {
  const subjects = captureToSubjects(timelineToPcap(text));
  for (const { client, server } of parseTimeline(text).reverse()) {
    const subject = subjects.find(
      ({ connection: { originator, responder } }) =>
        [originator, responder].some((end) => end.port === client.port && end.address === client.ip) &&
        [originator, responder].some((end) => end.port === server.port && end.address === server.ip),
    );
    if (subject !== undefined) return subject;
  }
  throw new Error('no connection of the timeline is in trouble');
}
