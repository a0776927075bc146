/** The picture of the rooms, from the table that test/contract/rooms.test.ts holds the imports against. */
import { ALLOWED } from '../test/contract/rooms.ts';

/** The line on which a capture walks. */
const LINE = ['wire', 'connection', 'evidence', 'causes', 'families', 'verdict', 'report'];

/** Mermaid: arrows point to what a room may import; what follows from another arrow is left out. */
export function roomsPicture(): string {
  const reaches = (from: string, to: string, seen = new Set<string>()): boolean =>
    (ALLOWED[from] ?? []).some((next) => {
      if (next === to) return true;
      if (seen.has(next)) return false;
      seen.add(next);
      return reaches(next, to, seen);
    });
  const rooms = Object.keys(ALLOWED).filter((room) => room !== '.' && !room.startsWith('@'));
  const arrows = rooms.flatMap((room) =>
    ALLOWED[room]!.filter(
      (to) =>
        rooms.includes(to) &&
        !ALLOWED[room]!.some(
          (via) => via !== to && via !== room && rooms.includes(via) && !reaches(to, via) && reaches(via, to),
        ),
    ).map((to) => `  ${room} --> ${to}`),
  );
  const line = LINE.map((room) => `  ${room}:::line`);
  return ['```mermaid', 'flowchart RL', ...line, ...arrows, '  classDef line stroke-width:3px', '```'].join(
    '\n',
  );
}
