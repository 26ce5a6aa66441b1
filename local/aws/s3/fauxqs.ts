import { join } from 'node:path';
import { type BuildAppOptions, buildApp } from 'fauxqs';

type Stores = NonNullable<BuildAppOptions['stores']>;
type ObjectStore = Stores['s3Store'];

type Persistence = NonNullable<ObjectStore['persistence']>;

interface Inside {
  S3Store: new () => ObjectStore;
  SqsStore: new () => Stores['sqsStore'];
  SnsStore: new () => Stores['snsStore'];
  FileS3Persistence: new (folder: string) => Persistence;
}

/** The package exports its server alone, which binds every interface: its parts are taken from the inside. */
const inside = async (): Promise<Inside> => {
  const paths = ['./s3/s3Store.js', './sqs/sqsStore.js', './sns/snsStore.js', './s3/fileS3Persistence.js'];
  const modules = paths.map((path) => import(new URL(path, import.meta.resolve('fauxqs')).href));
  return Object.assign({}, ...(await Promise.all(modules)));
};

/** fauxqs' S3 with its objects as files under `<folder>/objects`, in memory without a folder; it opens no port. */
export const openFauxqs = async (folder?: string) => {
  const { S3Store, SqsStore, SnsStore, FileS3Persistence } = await inside();
  const store = new S3Store();
  const persistence = folder ? new FileS3Persistence(join(folder, 'objects')) : undefined;
  if (persistence) {
    // Loaded before it is attached, else every object would be written again as it is read.
    persistence.loadS3(store);
    store.persistence = persistence;
  }
  const app = buildApp({
    logger: false,
    stores: { s3Store: store, sqsStore: new SqsStore(), snsStore: new SnsStore() },
  });
  await app.ready();
  return {
    store,
    app,
    close: async () => {
      await app.close();
      persistence?.close();
    },
  };
};
