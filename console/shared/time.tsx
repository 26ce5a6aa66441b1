const format = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
const utcOf = (value: string) => `${value.replace('T', ' ').replace('Z', '')} UTC`;

/** A moment in the viewer's own zone; in UTC when pointed at. */
export const Time = ({ value }: { value: string | undefined }) =>
  value === undefined ? (
    <>–</>
  ) : (
    <time dateTime={value} title={utcOf(value)}>
      {format.format(new Date(value))}
    </time>
  );
