import { RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { EventBus, type IEventBus } from 'aws-cdk-lib/aws-events';
import type { Construct } from 'constructs';
import { busName, type TableName } from '#core/contract/platform/names.ts';
import type { Settings } from '#lib/settings.ts';
import { Archive } from './archive.ts';
import { Table } from './table.ts';
import { Trail } from './trail.ts';

export interface DataProps extends StackProps {
  trail: Settings['trail'];
}

/** The tables, the audit archive and the event bus, which are retained when the stack is deleted. */
export class DataStack extends Stack {
  readonly tables: Readonly<Record<TableName, Table>>;
  readonly archive: Archive;
  readonly bus: IEventBus;
  readonly trail: Trail | undefined;

  constructor(scope: Construct, id: string, { trail, ...props }: DataProps) {
    super(scope, id, props);
    this.tables = {
      tenants: new Table(this, 'tenants'),
      flags: new Table(this, 'flags'),
      audit: new Table(this, 'audit'),
      limits: new Table(this, 'limits'),
    };
    this.archive = new Archive(this, 'Archive');
    if (trail === 'own') this.trail = new Trail(this, 'Trail', this.archive);
    const bus = new EventBus(this, 'Bus', { eventBusName: busName });
    bus.applyRemovalPolicy(RemovalPolicy.RETAIN);
    this.bus = bus as IEventBus;
  }
}
