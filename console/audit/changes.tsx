import './changes.css';
import type { Difference } from './diff.ts';

const signs: Readonly<Record<Difference['kind'], string>> = { added: '+', removed: '−', changed: '±', same: ' ' };

/** The changed fields, with their values before and after. */
export const Changes = ({ list }: { list: readonly Difference[] }) => {
  if (list.length === 0) return <div>No fields changed.</div>;
  return (
    <table className="changes">
      <thead>
        <tr>
          <th aria-label="Kind of change" />
          <th>Field</th>
          <th>Before</th>
          <th>After</th>
        </tr>
      </thead>
      <tbody>
        {list.map(({ path, kind, before, after }) => (
          <tr key={path} className={`changes-${kind}`}>
            <td aria-label={kind}>{signs[kind]}</td>
            <th scope="row">{path}</th>
            <td>{before !== undefined && <del>{before}</del>}</td>
            <td>{after !== undefined && <ins>{after}</ins>}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
};
