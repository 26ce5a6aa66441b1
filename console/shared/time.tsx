const format = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
const utcOf = (value: string) => `${value.replace('T', ' ').replace('Z', '')} UTC`;

/** A time in the user's time zone, with UTC as tooltip. */
export const Time = ({ value }: { value: string | undefined }) =>
  value === undefined ? (
    <>–</>
  ) : (
    <time dateTime={value} title={utcOf(value)}>
      {format.format(new Date(value))}
    </time>
  );
