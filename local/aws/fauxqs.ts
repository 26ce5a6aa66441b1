import { type BuildAppOptions, buildApp } from 'fauxqs';

type Stores = NonNullable<BuildAppOptions['stores']>;

interface Persistence {
  db: { exec(sql: string): void };
  load(sqs: Stores['sqsStore'], sns: Stores['snsStore'], s3: Stores['s3Store']): void;
  close(): void;
}

interface Inside {
  S3Store: new () => Stores['s3Store'];
  SqsStore: new () => Stores['sqsStore'];
  SnsStore: new () => Stores['snsStore'];
  PersistenceManager: new (folder: string) => Persistence;
}

/** The package exports only its server, which binds every interface: its parts are imported from the inside. */
const inside = async (): Promise<Inside> => {
  const paths = ['./s3/s3Store.js', './sqs/sqsStore.js', './sns/snsStore.js', './persistence.js'];
  const modules = paths.map((path) => import(new URL(path, import.meta.resolve('fauxqs')).href));
  return Object.assign({}, ...(await Promise.all(modules)));
};

export type Fauxqs = Awaited<ReturnType<typeof openFauxqs>>;

/** S3 and SQS, without a port of their own: in a SQLite file under `folder`, or in memory. */
export const openFauxqs = async (folder?: string) => {
  const { S3Store, SqsStore, SnsStore, PersistenceManager } = await inside();
  const stores: Stores = { s3Store: new S3Store(), sqsStore: new SqsStore(), snsStore: new SnsStore() };
  const persistence = folder === undefined ? undefined : new PersistenceManager(folder);
  if (persistence) {
    // As the other state of the local run: nothing waits for the disk.
    persistence.db.exec('PRAGMA synchronous = OFF');
    // Loaded before it is attached, or everything would be written again as it is read.
    persistence.load(stores.sqsStore, stores.snsStore, stores.s3Store);
    Object.assign(stores.s3Store, { persistence });
    for (const part of [stores.sqsStore, ...stores.sqsStore.allQueues()]) Object.assign(part, { persistence });
  }
  const app = buildApp({ logger: false, stores });
  await app.ready();
  return {
    ...stores,
    app,
    close: async () => {
      await app.close();
      persistence?.close();
    },
  };
};
