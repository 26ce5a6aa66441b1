type Path = (string | number)[];
export interface UpdateSection {
  type: 'set' | 'remove' | 'add' | 'delete';
  path: Path;
}

/** Puts removals last and those of one list from its end, since dynalite lets each one shift the places of the next. */
export function removeFromTheEnd(sections: UpdateSection[]): UpdateSection[] {
  const removals = sections.filter((section) => section.type === 'remove');
  const others = sections.filter((section) => section.type !== 'remove');
  return [...others, ...removals.toSorted((one, other) => laterFirst(one.path, other.path))];
}

function laterFirst(one: Path, other: Path): number {
  for (const [depth, piece] of one.entries()) {
    const against = other[depth];
    if (piece === against || against === undefined) continue;
    if (typeof piece === 'number' && typeof against === 'number') return against - piece;
    return String(piece) < String(against) ? -1 : 1;
  }
  return 0;
}
