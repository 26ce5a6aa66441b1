import { PutObjectCommand } from '@aws-sdk/client-s3';
import type { AuditEvent } from '#core/contract/events/catalogue.ts';
import { environment } from '#core/contract/platform/names.ts';
import { objects } from '#stores/aws/clients.ts';
import { setting } from '#stores/aws/environment.ts';

/** Archives a batch as one NDJSON object, named after its position in the stream, so that a repeat overwrites it. */
export const archiveEvents = async (audited: readonly AuditEvent[], position: string): Promise<void> => {
  const [first] = audited;
  if (!first) return;
  await objects.send(
    new PutObjectCommand({
      Bucket: setting(environment.archiveBucket),
      Key: `audit/${first.time.slice(0, 10).replaceAll('-', '/')}/${position}.ndjson`,
      ContentType: 'application/x-ndjson',
      Body: audited.map((event) => `${JSON.stringify(event)}\n`).join(''),
    }),
  );
};
