import { ConnectionTracker, type TrackerOptions } from '../../packages/whyreset/src/connection/tracker.ts';
import type { Subject } from '../../packages/whyreset/src/evidence/define.ts';
import { TRACKING } from '../../packages/whyreset/src/gather.ts';
import { Subjects } from '../../packages/whyreset/src/verdict/subjects.ts';
import { CaptureReader } from '../../packages/whyreset/src/wire/capture-reader.ts';
import { timelineToPcap } from './timeline.ts';
import { parseTimeline } from './timeline-parse.ts';

/** The connections of a capture, the troubled ones unless said otherwise, ready to be judged. */
export function captureToSubjects(
  capture: Uint8Array,
  keep: NonNullable<TrackerOptions['keep']> = 'troubled',
): Subject[] {
  const tracker = new ConnectionTracker({ ...TRACKING, keep });
  const reader = new CaptureReader(tracker);
  reader.push(capture);
  reader.end();
  tracker.end();
  return [...new Subjects(tracker)];
}

/**
 * The connection that an example is about: the last one of the text that is in
 * trouble, read back through the whole tool, the others its neighbours.
 * @throws Error when the text is wrong or no connection of it is in trouble.
 */
export function timelineToSubject(text: string): Subject {
  const known = read.get(text);
  if (known !== undefined) return known;
  const subject = readTimeline(text);
  read.set(text, subject);
  return subject;
}

/** Every cause looks at every example: each is read once, and its facts computed once. */
const read = new Map<string, Subject>();

function readTimeline(text: string): Subject {
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
